/* See alike.h. */
#include <errno.h>
#include <stddef.h>
#include "base/arena.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "runtimes/alike.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/sheet.h"
#include "stack/depot.h"

#define AHEAD 8u

/* Notes the stacks that have some, unless is_kind is NULL. Whether any has. */
static bool stacks_find(const struct alike *kind, bool *is_kind)
{
	const uintptr_t *first = blocks_first.list;
	bool some = false;
	uint32_t i;

	for (i = 0; i < blocks_first.n; i++) {
		struct heap_word word = blocks_word(first[i]);

		if (i + AHEAD < blocks_first.n)
			__builtin_prefetch((const void *)first[i + AHEAD]);
		if (!kind->is(first[i], heap_size(first[i], word),
			      heap_stack(word)))
			continue;
		if (!is_kind)
			return true;
		some = is_kind[heap_stack(word)] = true;
	}
	return some;
}

bool alike_exist(struct alike *kind)
{
	if (kind->asked != blocks_first.list) {
		kind->asked = blocks_first.list;
		kind->here = stacks_find(kind, NULL);
	}
	return kind->here;
}

static int cell_declare(const struct alike *kind, const struct sheet *sheet,
			uint32_t k, const bool *is_kind)
{
	uint64_t bits = sheet->cell[k].begins;
	int err = 0;

	for (; bits && !err; bits &= bits - 1) {
		uintptr_t block = cell_address(sheet, k, __builtin_ctzl(bits));
		struct heap_word word = blocks_word(block);

		if (is_kind[heap_stack(word)])
			err = kind->declare(block, heap_size(block, word));
	}
	return err;
}

int alike_declare(const struct alike *kind, struct arena *arena)
{
	size_t stacks = depot_count() + 1ul;
	bool *is_kind = arena_array(arena, stacks, sizeof *is_kind);
	uint32_t i, k;
	int err = is_kind ? 0 : -ENOMEM;

	if (!err && stacks_find(kind, is_kind))
		for (i = 0; i < blocks_sheets_n && !err; i++)
			for (k = 0; k < sheet_cells(blocks_sheets[i]) && !err;
			     k++)
				err = cell_declare(kind, blocks_sheets[i], k,
						   is_kind);
	arena_release(is_kind, stacks, sizeof *is_kind);
	return err;
}
