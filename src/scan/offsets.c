/*
 * See offsets.h. A word counts when it is the distance from the beginning of
 * its own block to the beginning of another. fontconfig's patterns and
 * character sets begin with such words, and the list of a set's leaves consists
 * of them.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include <string.h>
#include "base/list.h"
#include "heap/heap_word.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/counts.h"
#include "scan/mark.h"
#include "scan/offsets.h"
#include "scan/read.h"
#include "scan/sheet.h"
#include "stack/depot.h"
#include "stack/module.h"
#include "stack/stack.h"

static const char *const libraries[] = {"libfontconfig.so"};

bool offsets_possible;
static struct list list; /* blocks, by address */

static bool is_library(const struct module *module)
{
	const char *name = strrchr(module->path, '/');
	size_t i;

	name = name ? name + 1 : module->path;
	for (i = 0; i < sizeof libraries / sizeof *libraries; i++)
		if (!strncmp(name, libraries[i], strlen(libraries[i])))
			return true;
	return false;
}

static bool has_library(void)
{
	uint32_t i;

	for (i = 1; i < module_count(); i++)
		if (is_library(module_get(i)))
			return true;
	return false;
}

/* Whether the library itself called the allocator. What strdup() made is a
 * string. */
static bool is_of_library(uintptr_t block)
{
	uint32_t node = stack_outwards(heap_stack(blocks_word(block)));

	return node && depot_frame(node).module &&
	       is_library(module_get(depot_frame(node).module));
}

int offsets_begin(void)
{
	uint32_t i, k;

	if (!has_library())
		return 0;
	for (i = 0; i < blocks_sheets_n; i++) {
		const struct sheet *sheet = blocks_sheets[i];

		for (k = 0; k < sheet_cells(sheet); k++) {
			uint64_t bits = sheet->cell[k].begins;

			for (; bits; bits &= bits - 1) {
				uintptr_t block = cell_address(
					sheet, k, __builtin_ctzl(bits));

				if (is_of_library(block) &&
				    !list_add(&list, &block, sizeof block))
					return -ENOMEM;
			}
		}
	}
	offsets_possible = list.n;
	return 0;
}

struct reader {
	uintptr_t block;
	read_visit_fn *visit;
	void *data;
};

static void visit_run(uintptr_t low, uintptr_t high, void *data)
{
	const struct reader *reader = data;
	uintptr_t at = (low + 7) & -8ul, to;

	for (; at + 8 <= high; at += 8) {
		to = reader->block + *(const volatile uintptr_t *)at;
		if (to != reader->block && blocks_may_hold(to) &&
		    blocks_begins(to) && !counts_is_weak(at))
			reader->visit(at, to, reader->data);
	}
}

void offsets_visit(uintptr_t block, read_visit_fn *visit, void *data)
{
	struct reader reader = {block, visit, data};

	if (list_has_address(&list, block))
		read_block_runs(block, visit_run, &reader);
}

static void mark_found(uintptr_t at, uintptr_t block, void *data)
{
	bool *any = data;

	(void)at;
	*any |= mark_block(block);
}

void offsets_mark_block(uintptr_t block)
{
	bool any = false;

	offsets_visit(block, mark_found, &any);
}

bool offsets_mark(void)
{
	const uintptr_t *block = list.list;
	bool any = false;
	uint32_t i;

	for (i = 0; i < list.n; i++) {
		struct place place = blocks_place(block[i]);

		if (place.cell->strong & place.bit)
			offsets_visit(block[i], mark_found, &any);
	}
	return any;
}
