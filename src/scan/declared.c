/*
 * See declared.h. What is declared is kept as it comes. When all is there, the
 * blocks are numbered by the bits of the sheets, and links are sorted by
 * counting. A million objects with five million links take 170 MB while they
 * are sorted, and 70 MB then.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/bits.h"
#include "base/list.h"
#include "base/rows.h"
#include "heap/range.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/declared.h"
#include "scan/sheet.h"

#define OFFSET_NONE UINT32_MAX
#define OWNERS 16 /* that a part of a part of … may have */

bool declared_exist, declared_weak_exist, declared_borrowed_exist;
struct declared *declared;
uint32_t declared_n;

/* A link as it was declared. */
struct raw {
	uintptr_t from, to; /* blocks */
	uint32_t offset;    /* in from */
};

static struct {
	struct arena arena;
	struct list objects; /* struct declared; of parts the owner's address */
	struct list links;   /* struct raw */
	struct words {
		struct list ranges; /* struct range */
		uint32_t n;	    /* as below */
	} weak, borrowed;
	/* What the runtimes before this one have declared. */
	uint32_t objects_n, links_n;
	uint32_t runtime;
	/* The last block in which a link lay. */
	uintptr_t block, end;
} told;

static uint64_t *links;
static uint32_t *row; /* declared_n + 1 */

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
		sheet->told = arena_array(&told.arena, sheet_cells(sheet),
					  sizeof *sheet->told);
	return (struct spot){sheet->told ? &sheet->told[at / 64] : NULL,
			     1ul << at % 64};
}

static bool is_told(uintptr_t block)
{
	const struct sheet *sheet = blocks_sheet(block);
	uint32_t at = (block - sheet->address) >> sheet->granule;

	return sheet->told && sheet->told[at / 64].is >> at % 64 & 1;
}

static int add(const struct declared *new)
{
	struct spot spot;

	if (blocks_find(new->block) != new->block)
		return -EINVAL;
	spot = spot_of(new->block);
	if (!spot.told)
		return -ENOMEM;
	if (spot.told->is & spot.bit)
		return -EINVAL;
	if (!list_add(&told.objects, new, sizeof *new))
		return -ENOMEM;
	spot.told->is |= spot.bit;
	return 0;
}

int declare_object(const struct declared_object *object)
{
	struct declared new = {
		.block = object->block,
		.count = object->count,
		.at = (uint32_t)(object->at - object->block),
		.flags = object->flags &
			 (DECLARED_WHOLE | DECLARED_EXACT | DECLARED_COLLECTED |
			  DECLARED_HIDDEN | DECLARED_LISTED | DECLARED_LEAF),
		.runtime = (uint16_t)told.runtime,
	};

	if (object->count <= 0 || object->at < object->block ||
	    object->at - object->block > UINT32_MAX)
		return -EINVAL;
	return add(&new);
}

static int add_part(uintptr_t block, uintptr_t owner, uint16_t flags)
{
	struct declared new = {
		.block = block,
		.owner = owner,
		.flags = DECLARED_PART | flags,
		.runtime = (uint16_t)told.runtime,
	};

	return blocks_find(owner) == owner && owner != block ? add(&new)
							     : -EINVAL;
}

int declare_part(uintptr_t block, uintptr_t owner)
{
	return add_part(block, owner, 0);
}

int declare_part_apart(uintptr_t block, uintptr_t owner)
{
	return add_part(block, owner, DECLARED_APART);
}

int declare_part_listed(uintptr_t block, uintptr_t owner, uintptr_t at)
{
	struct declared new = {
		.block = block,
		.owner = owner,
		.at = (uint32_t)(at - block),
		.flags = DECLARED_PART | DECLARED_LISTED,
		.runtime = (uint16_t)told.runtime,
	};

	return blocks_find(owner) == owner && owner != block ? add(&new)
							     : -EINVAL;
}

int declare_part_loose(uintptr_t block, uintptr_t owner)
{
	return add_part(block, owner, DECLARED_APART | DECLARED_LOOSE);
}

/* Finds the block in which a link lies: the object, or a part. */
static uintptr_t holder_of(uintptr_t from, uintptr_t at)
{
	uintptr_t block;

	if (at >= told.block && at < told.end)
		return told.block;
	block = at - from < blocks_size(from) ? from : blocks_find(at);
	if (block == BLOCK_NONE || (block != from && !is_told(block)))
		return BLOCK_NONE;
	told.block = block;
	told.end = block + blocks_size(block);
	return block;
}

int declare_link(uintptr_t from, uintptr_t at, uintptr_t to)
{
	struct raw new = {from, blocks_find(to), OFFSET_NONE};
	uintptr_t holder;

	if (new.to == BLOCK_NONE || blocks_find(from) != from)
		return 0;
	holder = at ? holder_of(from, at) : BLOCK_NONE;
	if (holder != BLOCK_NONE && at - holder < OFFSET_NONE) {
		new.from = holder;
		new.offset = (uint32_t)(at - holder);
	}
	return list_add(&told.links, &new, sizeof new) ? 0 : -ENOMEM;
}

static int add_words(struct words *words, uintptr_t low, uintptr_t high)
{
	struct range new = {low, high};

	if (low >= high)
		return 0;
	return list_add(&words->ranges, &new, sizeof new) ? 0 : -ENOMEM;
}

int declare_weak(uintptr_t low, uintptr_t high)
{
	return add_words(&told.weak, low, high);
}

int declare_borrowed(uintptr_t low, uintptr_t high)
{
	return add_words(&told.borrowed, low, high);
}

int declared_begin(uint32_t runtime)
{
	told.runtime = runtime;
	told.objects_n = told.objects.n;
	told.links_n = told.links.n;
	told.weak.n = told.weak.ranges.n;
	told.borrowed.n = told.borrowed.ranges.n;
	return 0;
}

void declared_forget(void)
{
	const struct declared *list = told.objects.list;

	while (told.objects.n > told.objects_n) {
		struct spot spot = spot_of(list[--told.objects.n].block);

		spot.told->is &= ~spot.bit;
	}
	told.links.n = told.links_n;
	told.weak.ranges.n = told.weak.n;
	told.borrowed.ranges.n = told.borrowed.n;
}

/* Blocks that are not declared themselves get a number, too. */
static int add_plain(uintptr_t block)
{
	struct declared new = {.block = block, .flags = DECLARED_PLAIN};
	int err = is_told(block) ? 0 : add(&new);

	return err == -ENOMEM ? err : 0;
}

static int add_rest(void)
{
	uint32_t i, n = told.objects.n;
	int err = 0;

	for (i = 0; i < told.links.n && !err; i++) {
		struct raw *raw = (struct raw *)told.links.list + i;

		err = add_plain(raw->from);
		if (!err)
			err = add_plain(raw->to);
	}
	for (i = 0; i < n && !err; i++) {
		struct declared *d = (struct declared *)told.objects.list + i;

		if (d->flags & DECLARED_PART)
			err = add_plain(d->owner);
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

static void number_objects(void)
{
	const struct declared *list = told.objects.list;
	uint32_t i;

	for (i = 0; i < told.objects.n; i++)
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

/* Counts the links of each block, or places them. An object's parts are among
 * its links: it holds them. */
static void sort_links(uint32_t *at, bool place)
{
	const struct raw *raw = told.links.list;
	uint32_t i, from;

	for (i = 0; i < told.links.n; i++) {
		from = declared_find(raw[i].from);
		if (place)
			links[at[from]] = (uint64_t)raw[i].offset << 32 |
					  declared_find(raw[i].to);
		at[from]++;
	}
	for (i = 0; i < declared_n; i++) {
		if (!(declared[i].flags & DECLARED_PART))
			continue;
		from = (uint32_t)declared[i].owner;
		if (place)
			links[at[from]] = (uint64_t)OFFSET_NONE << 32 | i;
		at[from]++;
	}
}

/* Sorts a row by offset, and takes out words that were declared again. What is
 * left goes to `to`; its end. */
static uint32_t settle_row(uint32_t first, uint32_t end, uint32_t to)
{
	uint32_t i, begin = to;

	for (i = first + 1; i < end && links[i - 1] <= links[i]; i++)
		;
	if (i < end)
		rows_sort(links + first, sizeof *links, end - first);
	for (i = first; i < end; i++)
		if (to == begin || links[to - 1] != links[i] ||
		    links[i] >> 32 == OFFSET_NONE)
			links[to++] = links[i];
	return to;
}

static int build_links(struct arena *arena)
{
	uint32_t i, n = 0, to = 0, first = 0, end;

	row = arena_array(arena, declared_n + 2ul, sizeof *row);
	if (!row)
		return -ENOMEM;
	sort_links(row + 1, false);
	for (i = 1; i <= declared_n; i++)
		row[i] = n += row[i];
	links = arena_array(arena, n + 1ul, sizeof *links);
	if (!links)
		return -ENOMEM;
	for (i = declared_n; i; i--)
		row[i] = row[i - 1];
	sort_links(row + 1, true);
	for (i = 0; i < declared_n; i++) {
		end = row[i + 1];
		row[i] = to;
		to = settle_row(first, end, to);
		first = end;
	}
	row[i] = to;
	return 0;
}

/* Sorts ranges, and joins those that overlap. Whether there are any. */
static bool settle_words(struct words *words)
{
	struct range *list = words->ranges.list;
	uint32_t i, n = 0;

	rows_sort(list, sizeof *list, words->ranges.n);
	for (i = 0; i < words->ranges.n; i++)
		if (n && list[i].low <= list[n - 1].high)
			list[n - 1].high = list[i].high > list[n - 1].high
						   ? list[i].high
						   : list[n - 1].high;
		else
			list[n++] = list[i];
	words->ranges.n = n;
	return n;
}

int declared_complete(struct arena *arena)
{
	uint32_t i;
	int err;

	declared_weak_exist = settle_words(&told.weak);
	declared_borrowed_exist = settle_words(&told.borrowed);
	if (!told.objects.n && !told.links.n)
		return 0;
	err = add_rest();
	if (err)
		return err;
	declared_n = number_cells();
	declared = arena_array(arena, declared_n, sizeof *declared);
	if (!declared)
		return -ENOMEM;
	number_objects();
	list_free(&told.objects, sizeof(struct declared));
	for (i = 0; i < declared_n; i++)
		if (declared[i].flags & DECLARED_PART)
			find_owner(&declared[i]);
	err = build_links(arena);
	list_free(&told.links, sizeof(struct raw));
	declared_exist = !err;
	return err;
}

struct declared_links declared_links(uint32_t number)
{
	return (struct declared_links){links + row[number],
				       row[number + 1] - row[number]};
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

/* Words are asked in order of address, mostly. So the gap in which the last one
 * lay is kept. */
struct gap {
	uintptr_t low, size;
};

static bool has_word(const struct words *words, struct gap *gap, uintptr_t at)
{
	const struct range *list = words->ranges.list;
	uint32_t n;

	if (at - gap->low < gap->size)
		return false;
	n = rows_above(list, sizeof *list, words->ranges.n, at);
	if (n && at < list[n - 1].high)
		return true;
	gap->low = n ? list[n - 1].high : 0;
	gap->size =
		(n < words->ranges.n ? list[n].low : UINTPTR_MAX) - gap->low;
	return false;
}

bool declared_is_weak(uintptr_t at)
{
	static struct gap gap;

	return has_word(&told.weak, &gap, at);
}

bool declared_is_borrowed(uintptr_t at)
{
	static struct gap gap;

	return declared_borrowed_exist && has_word(&told.borrowed, &gap, at);
}
