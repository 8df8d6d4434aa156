/* See cpython_objects.h. */
#include <errno.h>
#include "base/list.h"
#include "base/rows.h"
#include "runtimes/cpython_arena.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_objects.h"
#include "runtimes/cpython_types.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/declare.h"
#include "scan/sheet.h"
#include "stack/module.h"

#define COUNT_MOST (1ul << 40)
#define SPARE_MOST 20 /* items */
#define ADDRESS_LEAST 65536

struct cpython_object *cpython_objects;
uint32_t cpython_objects_n;
static struct list objects;
static bool failed;

bool cpython_is_address(uint64_t word)
{
	return word >= ADDRESS_LEAST &&
	       (blocks_find(word) != BLOCK_NONE || module_find(word));
}

int64_t cpython_count(uintptr_t at)
{
	uint64_t count = word_at(at + OBJECT_COUNT);

	if (cpython.minor >= 12) {
		/* below 0: immortal; 3.14 has flags in the highest bits */
		if (count >> 32 & 0xffff || (cpython.minor < 14 && count >> 32))
			return 0;
		count &= UINT32_MAX;
		if (count > INT32_MAX)
			return 0;
	}
	/* a table of types has a pointer there; so has what waits in a list to
	 * be used again, since 3.14 */
	return count < COUNT_MOST && !cpython_is_address(count) ? (int64_t)count
								: 0;
}

/* A collector's own heads may lie at multiples of 4. */
static uintptr_t neighbour_of(uintptr_t link, uint32_t back)
{
	link &= ~GC_FLAGS;
	return is_pointer(link & -8ul) ? word_at(link + back) & ~GC_FLAGS : 0;
}

bool cpython_is_linked(uintptr_t head)
{
	return neighbour_of(word_at(head + GC_NEXT), GC_PREV) == head &&
	       neighbour_of(word_at(head + GC_PREV), GC_NEXT) == head;
}

/* What is in no list has but a flag in its head. */
static bool is_untracked(uintptr_t head)
{
	return !word_at(head + GC_NEXT) && word_at(head + GC_PREV) <= GC_FLAGS;
}

/* What glibc leaves in the first word of a block that was freed, and is in use
 * again: a link to the next free one, or 0, together with where it stands. The
 * second word may be older still. */
static bool is_link(uintptr_t at)
{
	uintptr_t next = word_at(at) ^ at >> 12;

	return !next || cpython_is_address(next);
}

/* Whether a str has room for its text, ends it with a 0, and is stored in a way
 * that exists. Of its state only the lowest bits are ever written. */
static bool is_str(uintptr_t at, uint64_t room)
{
	uint64_t length = word_at(at + OBJECT_SIZE), end;
	uint32_t state = (uint32_t)word_at(at + STR_STATE);
	uint32_t kind = state >> STR_KIND & 7;
	uint32_t more = cpython.minor < 12 ? 24 : 16; /* not ASCII */
	uint32_t head = cpython.least[0] + (state & STR_ASCII ? 0 : more);

	if (!(state & STR_COMPACT))
		return true;
	if ((kind != 1 && kind != 2 && kind != 4) || length >= room ||
	    head > room || (length + 1) * kind > room - head)
		return false;
	for (end = at + head + length * kind; kind; kind--)
		if (*(const volatile char *)(end++))
			return false;
	return true;
}

/* The same of bytes. */
static bool is_bytes(uintptr_t at, uint64_t room)
{
	uint64_t length = word_at(at + OBJECT_SIZE);

	return length < room && BYTES_HEAD + length < room &&
	       !*(const volatile char *)(at + BYTES_HEAD + length);
}

static bool fits(const struct cpython_type *type, uintptr_t at, uint64_t room)
{
	uint64_t items = 0;

	if (room < type->least)
		return false;
	if (type->at == cpython.leaf[0])
		return is_str(at, room);
	if (type->at == cpython.leaf[1])
		return is_bytes(at, room);
	if (type->kind == KIND_TUPLE)
		items = word_at(at + OBJECT_SIZE);
	return items <= (room - type->least) / 8;
}

uint32_t cpython_debug_head(uintptr_t block)
{
	return blocks_size(block) >= 2 * DEBUG_HEAD &&
			       word_at(block + DEBUG_MARK) >> 8 == DEBUG_LETTERS
		       ? DEBUG_HEAD
		       : 0;
}

static bool take(struct cpython_object *new, uint64_t size)
{
	struct cpython_type *type = object_type(new);
	uintptr_t at = object_at(new);

	if (!cpython_count(at) || size < type->before ||
	    (at == new->block &&is_link(at)) ||
	    !fits(type, at, size - type->before))
		return false;
	if (type->flags & FLAG_GC && !is_untracked(at - GC_HEAD)) {
		if (!cpython_is_linked(at - GC_HEAD))
			return false;
		new->bits |= MARK_TRACKED;
	}
	return list_add(&objects, new, sizeof *new);
}

/* A tuple that waits in a list to be used again, before 3.14 linked by its
 * first item. The other items are old. */
static bool is_spare(uintptr_t at, uint64_t n)
{
	uintptr_t next = word_at(at + cpython.tuple_items);

	return !next || (word_of(next, OBJECT_TYPE) == cpython.tuple &&
			 !word_at(next + OBJECT_COUNT) &&
			 word_at(next + OBJECT_SIZE) == n);
}

static void note_spare(uintptr_t block, uint64_t size)
{
	uintptr_t at = block + GC_HEAD, items = at + cpython.tuple_items;
	uint64_t n = size >= GC_HEAD + cpython.tuple_items
			     ? word_at(at + OBJECT_SIZE)
			     : 0;

	if (cpython.minor < 14 && n > 1 && n <= SPARE_MOST &&
	    items + 8 * n <= block + size && !word_at(at + OBJECT_COUNT) &&
	    is_untracked(block) && is_spare(at, n) &&
	    declare_weak(items + 8, items + 8 * n))
		failed = true;
}

/* Interned strings that an interpreter inside of another one has left behind:
 * since 3.12 they are never freed. */
static void note_immortal(const struct cpython_object *new, uint64_t size)
{
	uint64_t count = word_at(object_at(new) + OBJECT_COUNT);

	if (cpython.minor >= 12 && object_type(new)->at == cpython.leaf[0] &&
	    !(count >> 32 & 0xffff) && (int32_t)count < 0 &&
	    size >= cpython.least[0] && is_str(object_at(new), size)) {
		declare_live(new->block);
		if (declare_weak(new->block, new->block + size))
			failed = true;
	}
}

/* Before 3.11 frames wait with what was on their stacks: one with each code
 * object, others linked. */
static void note_frame(uintptr_t at, uintptr_t end)
{
	if (!word_at(at + OBJECT_COUNT) && declare_weak(at + FRAME_CODE, end))
		failed = true;
}

static void look_at(uintptr_t block)
{
	uint32_t head = cpython_debug_head(block), before;
	uint64_t size = blocks_size(block) - head;
	struct cpython_object new = {.block = block};
	struct cpython_type *type;

	if (cpython_arena(block + head, size))
		failed = true;
	for (before = 0; before <= 32 && before + OBJECT_HEAD <= size;
	     before += 16) {
		type = cpython_type(
			word_at(block + head + before + OBJECT_TYPE));
		if (!type || type->before != before)
			continue;
		new.bits = (uintptr_t)type | head;
		if (take(&new, size))
			return;
		note_immortal(&new, size);
		if (type->at == cpython.frame && cpython.minor < 11)
			note_frame(object_at(&new), block + head + size);
		if (type->at == cpython.tuple && !head)
			note_spare(block, size);
	}
}

int cpython_objects_find(void)
{
	uint32_t i, k;

	for (i = 0; i < blocks_sheets_n; i++) {
		const struct sheet *sheet = blocks_sheets[i];

		for (k = 0; k < sheet_cells(sheet); k++) {
			uint64_t bits = sheet->cell[k].begins;

			for (; bits; bits &= bits - 1)
				look_at(cell_address(sheet, k,
						     __builtin_ctzl(bits)));
		}
	}
	cpython_objects = objects.list;
	cpython_objects_n = objects.n;
	return failed || cpython_types_failed() ? -ENOMEM : 0;
}

struct cpython_object *cpython_object(uintptr_t block)
{
	uint32_t i = rows_find(cpython_objects, sizeof *cpython_objects,
			       cpython_objects_n, block);

	return i < cpython_objects_n && cpython_objects[i].block == block
		       ? &cpython_objects[i]
		       : NULL;
}

struct cpython_object *cpython_object_at(uintptr_t at)
{
	uintptr_t block = blocks_find(at);
	struct cpython_object *o;

	o = block == BLOCK_NONE ? NULL : cpython_object(block);
	return o && object_at(o) == at ? o : NULL;
}
