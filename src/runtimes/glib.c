/*
 * GLib 2.66 to 2.90. What is read of it are its own structures; words of the
 * program's memory may be references, as in all memory of C.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "heap/heap_word.h"
#include "process/symbols.h"
#include "runtimes/glib.h"
#include "runtimes/glib_count.h"
#include "runtimes/glib_main.h"
#include "runtimes/glib_maker.h"
#include "runtimes/gobject_hash.h"
#include "runtimes/gobject_quark.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/declare.h"
#include "scan/halves.h"
#include "scan/runtime.h"
#include "scan/sheet.h"

#define QUARKS (2048 * 8) /* bytes by which the array grows */
#define QUARKS_FIRST 16	  /* names that are compared */
#define PLACES (1u << 16) /* in larger tables the unused ones are not noted */

static struct symbols_owner glib;

static bool is_here(void)
{
	return symbols_owner(&glib, "g_main_context_new");
}

/* Where the heap lies low, a table's keys and values are as narrow as they may
 * be. */
static int halves_declare(const struct gobject_hash *table)
{
	int err = 0;

	if (halves_possible && table->key_size == 4)
		err = declare_halves(table->keys);
	if (halves_possible && table->value_size == 4 &&
	    table->values != table->keys && err != -ENOMEM)
		err = declare_halves(table->values);
	return err == -ENOMEM ? err : 0;
}

static int places_forget(const struct gobject_hash *table, uint64_t from,
			 uint64_t to)
{
	int err = declare_weak(table->keys + from * table->key_size,
			       table->keys + to * table->key_size);

	return err ? err
		   : declare_weak(table->values + from * table->value_size,
				  table->values + to * table->value_size);
}

/* GLib does not clear the arrays that it makes. */
static int unused_forget(const struct gobject_hash *table)
{
	struct gobject_pair pair;
	uint32_t i, from = 0;
	int err = 0;

	for (i = 0; i <= table->n && !err; i++) {
		if (i < table->n && !gobject_hash_pair(table, i, &pair))
			continue;
		if (i > from)
			err = places_forget(table, from, i);
		from = i + 1;
	}
	return err;
}

static int table_declare(uintptr_t block)
{
	struct gobject_hash table;
	int err;

	if (!gobject_hash_read(block, &table))
		return 0;
	err = halves_declare(&table);
	if (!err) /* numbers, and bits that were never written */
		err = declare_weak(block, block + table.keys_at);
	return err || table.n > PLACES ? err : unused_forget(&table);
}

static int variant_declare(uintptr_t block)
{
	uintptr_t at = glib_variant_borrows(block);

	return at ? declare_borrowed(at, at + 8) : 0;
}

static int block_declare(uintptr_t block)
{
	const struct glib_kind *kind =
		glib_kind_of(heap_stack(blocks_word(block)));
	struct glib_counted counted = {0};
	int err;

	if (kind)
		counted = glib_count(block, kind);
	if (!counted.count)
		return 0;
	if (kind->form == GLIB_CONTEXT)
		return glib_context_declare(block);
	err = declare_object(&(struct declared_object){.block = block,
						       .at = block + counted.at,
						       .count = counted.count});
	if (!err && kind->form == GLIB_SOURCE)
		err = glib_source_declare(block);
	if (!err && kind->form == GLIB_TABLE)
		err = table_declare(block);
	if (!err && kind->form >= GLIB_VARIANT)
		err = variant_declare(block);
	return err;
}

static int blocks_declare(void)
{
	uint32_t i, k;
	int err = 0;

	for (i = 0; i < blocks_sheets_n; i++) {
		struct sheet *sheet = blocks_sheets[i];

		for (k = 0; k < sheet_cells(sheet) && err != -ENOMEM; k++) {
			uint64_t bits = sheet->cell[k].begins;

			for (; bits && err != -ENOMEM; bits &= bits - 1)
				err = block_declare(cell_address(
					sheet, k, __builtin_ctzl(bits)));
		}
	}
	return err == -ENOMEM ? err : 0;
}

/* When GLib has more quarks than its array of names has room for, it makes a
 * larger one, and keeps the old for who may be reading it. */
static void old_names_declare(void)
{
	const uintptr_t *first = blocks_first.list;
	uint32_t i;

	gobject_quark_begin(symbols_address(&glib, "g_quark_to_string"));
	for (i = 0; i < blocks_first.n; i++) {
		uint64_t size = blocks_size(first[i]);

		if (size && size % QUARKS == 0 &&
		    gobject_quark_array(first[i], QUARKS_FIRST))
			declare_live(first[i]);
	}
}

static int declare(struct arena *arena)
{
	int err = glib_list_declare(&glib);
	int some = err ? err : glib_maker_begin(&glib, arena);

	old_names_declare();
	return some > 0 ? blocks_declare() : some;
}

static size_t type_name(uintptr_t block, char *room, size_t size)
{
	const struct glib_kind *kind =
		glib_kind_of(heap_stack(blocks_word(block)));

	const char *name = kind ? glib_count(block, kind).type : NULL;

	if (!name || strlen(name) >= size)
		return 0;
	memcpy(room, name, strlen(name) + 1);
	return strlen(name);
}

const struct runtime runtime_glib = {
	.name = "glib",
	.is_here = is_here,
	.declare = declare,
	.type = type_name,
};
