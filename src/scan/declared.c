/*
 * See declared.h. What is declared is kept as it comes. When all is there, the
 * blocks are numbered by the bits of the sheets.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/bits.h"
#include "base/list.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/declared.h"
#include "scan/sheet.h"

#define OWNERS 16 /* that a part of a part of … may have */

bool declared_exist;
struct declared *declared;
uint32_t declared_n;

static struct {
	struct arena arena;
	struct list list; /* struct declared; of parts the owner's address */
} added;

struct spot {
	struct told *told;
	uint64_t bit;
};

/* The bit of a block; NULL when memory is short. */
static struct spot spot_of(uintptr_t block)
{
	struct sheet *sheet = blocks_sheet(block);
	uint32_t at = (block - sheet->address) >> sheet->granule;

	if (!sheet->told)
		sheet->told = arena_array(&added.arena, sheet_cells(sheet),
					  sizeof *sheet->told);
	return (struct spot){sheet->told ? &sheet->told[at / 64] : NULL,
			     1ul << at % 64};
}

bool declared_is_added(uintptr_t block)
{
	const struct sheet *sheet = blocks_sheet(block);
	uint32_t at = (block - sheet->address) >> sheet->granule;

	return sheet->told && sheet->told[at / 64].is >> at % 64 & 1;
}

int declared_add(const struct declared *new)
{
	struct spot spot;

	if (!blocks_begins(new->block))
		return -EINVAL;
	spot = spot_of(new->block);
	if (!spot.told)
		return -ENOMEM;
	if (spot.told->is & spot.bit)
		return -EINVAL;
	if (!list_add(&added.list, new, sizeof *new))
		return -ENOMEM;
	spot.told->is |= spot.bit;
	return 0;
}

uint32_t declared_added(void)
{
	return added.list.n;
}

void declared_forget(uint32_t n)
{
	const struct declared *list = added.list.list;

	while (added.list.n > n) {
		struct spot spot = spot_of(list[--added.list.n].block);

		spot.told->is &= ~spot.bit;
	}
}

int declared_owners(int (*visit)(uintptr_t block))
{
	uint32_t i, n = added.list.n;
	int err = 0;

	for (i = 0; i < n && !err; i++) {
		struct declared *d = (struct declared *)added.list.list + i;

		if (d->flags & DECLARED_PART)
			err = visit(d->owner);
	}
	return err;
}

static uint32_t number_cells(void)
{
	uint32_t i, k, n = 0;

	for (i = 0; i < blocks_sheets_n; i++) {
		struct sheet *sheet = blocks_sheets[i];

		for (k = 0; sheet->told && k < sheet_cells(sheet); k++) {
			sheet->told[k].before = n;
			n += count_bits(sheet->told[k].is);
		}
	}
	return n;
}

static void number_blocks(void)
{
	const struct declared *list = added.list.list;
	uint32_t i;

	for (i = 0; i < added.list.n; i++)
		declared[declared_find(list[i].block)] = list[i];
	for (i = 0; i < declared_n; i++)
		if (declared[i].flags & DECLARED_PART)
			declared[i].owner = declared_find(declared[i].owner);
}

/* The object of a part. One that has none is plain. */
static void find_owner(struct declared *part)
{
	uint32_t i, owner = (uint32_t)part->owner;

	for (i = 0; i < OWNERS && declared[owner].flags & DECLARED_PART; i++)
		owner = (uint32_t)declared[owner].owner;
	if (declared[owner].flags & (DECLARED_PART | DECLARED_PLAIN)) {
		part->flags = DECLARED_PLAIN;
		owner = 0;
	}
	part->owner = owner;
}

int declared_number(struct arena *arena)
{
	uint32_t i;

	declared_n = number_cells();
	declared = arena_array(arena, declared_n, sizeof *declared);
	if (!declared)
		return -ENOMEM;
	number_blocks();
	list_free(&added.list, sizeof(struct declared));
	for (i = 0; i < declared_n; i++)
		if (declared[i].flags & DECLARED_PART)
			find_owner(&declared[i]);
	return 0;
}

bool declared_is_whole(uintptr_t block)
{
	uint32_t i = declared_exist ? declared_find(block) : DECLARED_NONE;

	return i != DECLARED_NONE && declared_tells_all(&declared[i]);
}

bool declared_is_at(uintptr_t block, uintptr_t word)
{
	uint32_t i = declared_find(block);

	return i != DECLARED_NONE &&
	       !(declared[i].flags & (DECLARED_PART | DECLARED_PLAIN)) &&
	       block + declared[i].at == word;
}
