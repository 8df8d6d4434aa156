/* See glib_count.h. */
#include <stdbool.h>
#include <stddef.h>
#include "runtimes/glib_count.h"
#include "runtimes/glib_form.h"
#include "runtimes/glib_functions.h"
#include "runtimes/glib_maker.h"
#include "runtimes/gobject_form.h"
#include "runtimes/gobject_hash.h"
#include "scan/blocks.h"
#include "scan/fault.h"

#define COUNT_MOST (1u << 24)

static uint32_t plausible(uint32_t count)
{
	return count <= COUNT_MOST ? count : 0;
}

static uint32_t count_at(uintptr_t at)
{
	uint32_t count;

	fault_copy(&count, at, sizeof count);
	return plausible(count);
}

static uint32_t table_count(uintptr_t block)
{
	struct gobject_hash table;

	return gobject_hash_read(block, &table)
		       ? count_at(block + table.keys_at + FORM_HASH_COUNT)
		       : 0;
}

/* A small GBytes and its bytes are in one block. */
static uint32_t bytes_count(uintptr_t block, const struct glib_kind *kind)
{
	uint64_t size = blocks_size(block), bytes;

	fault_copy(&bytes, block, sizeof bytes);
	return bytes - block >= size && size != kind->size
		       ? 0
		       : count_at(block + kind->count);
}

/* Whether an array's memory has room for so many bytes, and no more of it is
 * used than there is. */
static bool has_room(uint64_t memory, uint32_t used, uint32_t room,
		     uint64_t bytes)
{
	if (!memory)
		return !used && !room;
	return used <= room && blocks_begins(memory) &&
	       blocks_size(memory) >= bytes;
}

static bool is_function(uint64_t address)
{
	return !address ||
	       (address >= 4096 && blocks_find(address) == BLOCK_NONE);
}

static uint32_t pointers_count(uintptr_t block)
{
	struct form_pointers form;

	fault_copy(&form, block, sizeof form);
	return has_room(form.memory, form.used, form.room, form.room * 8ul) &&
			       is_function(form.free)
		       ? plausible(form.count)
		       : 0;
}

/* From 2.90 on the count comes after the most that the array may have. */
static uint32_t array_count(const struct form_array *form)
{
	return plausible(form->count) ? form->count : plausible(form->later);
}

static struct glib_counted array_counted(uintptr_t block)
{
	struct glib_counted counted = {0};
	struct form_array form;

	fault_copy(&form, block, sizeof form);
	if (!form.size || !is_function(form.clear) ||
	    !has_room(form.memory, form.used, form.room,
		      (uint64_t)form.room * form.size))
		return counted;
	counted.count = array_count(&form);
	if (form.size > 1) /* else it may be a GByteArray */
		counted.type = "GArray";
	return counted;
}

/* GLib has the simple types. A type that contains others is in a block. */
static bool is_type(uint64_t address)
{
	return address % 8 == 0 &&
	       (glib_has(address) ||
		(blocks_begins(address) &&
		 blocks_size(address) >= FORM_VARIANT_TYPE));
}

/* Reads the last three members. False: the block is no variant. */
static bool variant_read(uintptr_t block, struct form_variant_end *out)
{
	uint64_t size = blocks_size(block), type;
	uint32_t at = size == FORM_VARIANT_OLD + sizeof *out ? FORM_VARIANT_OLD
							     : FORM_VARIANT;

	if (size < at + sizeof *out)
		return false;
	fault_copy(&type, block, sizeof type);
	fault_copy(out, block + at, sizeof *out);
	return is_type(type) && out->state <= FORM_VARIANT_STATES &&
	       out->depth <= FORM_VARIANT_DEPTH;
}

static struct glib_counted variant_counted(uintptr_t block)
{
	struct form_variant_end end;
	struct glib_counted counted = {.type = "GVariant"};

	if (variant_read(block, &end))
		counted.count = plausible(end.count);
	return counted;
}

uintptr_t glib_variant_borrows(uintptr_t block)
{
	struct form_variant_end end;
	uint64_t words[4]; /* type, size, bytes, data */
	uintptr_t holder;

	if (!variant_read(block, &end) ||
	    !(end.state & FORM_VARIANT_SERIALISED))
		return 0;
	fault_copy(words, block, sizeof words);
	holder = blocks_find(words[3]);
	return holder != BLOCK_NONE && (holder == block || holder == words[2])
		       ? block + 3 * sizeof *words
		       : 0;
}

/* A count that threads do not share is negative. */
static struct glib_counted box_counted(uintptr_t block)
{
	struct glib_counted counted = {.at = sizeof(struct form_box)};
	struct form_box form;

	fault_copy(&form, block, sizeof form);
	if (form.magic != FORM_BOX_MAGIC || form.before ||
	    blocks_size(block) - sizeof form - form.size >= FORM_BOX_ALIGNED)
		return counted;
	counted.count = plausible(
		(uint32_t)(form.count < 0 ? -(int64_t)form.count : form.count));
	return counted;
}

static struct glib_counted hidden_counted(uintptr_t block)
{
	struct glib_counted counted = box_counted(block);

	return counted.count ? counted : variant_counted(block);
}

struct glib_counted glib_count(uintptr_t block, const struct glib_kind *kind)
{
	struct glib_counted counted = {.type = kind->type};
	uint64_t size = blocks_size(block);

	if (size < kind->size || (size > kind->most && kind->most < UINT16_MAX))
		return (struct glib_counted){0};
	switch (kind->form) {
	case GLIB_POINTERS:
		counted.count = pointers_count(block);
		return counted;
	case GLIB_TABLE:
		counted.count = table_count(block);
		return counted;
	case GLIB_BYTES:
		counted.count = bytes_count(block, kind);
		return counted;
	case GLIB_ARRAY:
		return array_counted(block);
	case GLIB_VARIANT:
		return variant_counted(block);
	case GLIB_BOX:
		return box_counted(block);
	case GLIB_HIDDEN:
		return hidden_counted(block);
	default:
		counted.count = count_at(block + kind->count);
		return counted;
	}
}
