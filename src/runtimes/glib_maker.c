/*
 * See glib_maker.h. What a function of GLib allocates for itself has another
 * size than the structure that it makes.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/large.h"
#include "heap/heap_word.h"
#include "process/symbols.h"
#include "runtimes/glib_maker.h"
#include "runtimes/gobject_form.h"
#include "runtimes/gobject_hash.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/fault.h"
#include "stack/depot.h"
#include "stack/stack.h"

#define DEPTH 6 /* allocators call each other */
#define COUNT_MOST (1u << 24)
#define OTHER UINT8_MAX

static const struct glib_kind kinds[] = {
	{"GSource", "g_source_new", 96, UINT16_MAX, 24, GLIB_SOURCE},
	{"GMainContext", "g_main_context_new", 120, 320, 48, GLIB_CONTEXT},
	{"GMainContext", "g_main_context_new_with_flags", 120, 320, 48,
	 GLIB_CONTEXT},
	{"GHashTable", "g_hash_table_new_full", 80, 104, 72, GLIB_TABLE},
	{"GHashTable", "g_hash_table_new", 80, 104, 72, GLIB_TABLE},
	{"GHashTable", "g_hash_table_new_similar", 80, 104, 72, GLIB_TABLE},
	{"GMainLoop", "g_main_loop_new", 16, 16, 12, GLIB_COUNT},
	{"GBytes", "g_bytes_new_with_free_func", 40, 40, 16, GLIB_COUNT},
	{"GBytes", "g_bytes_new_take", 40, 40, 16, GLIB_COUNT},
	{"GBytes", "g_bytes_new", 40, 40 + 256, 16, GLIB_BYTES},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static const char *const allocators[] = {
	"g_malloc",	 "g_malloc0",	   "g_try_malloc", "g_try_malloc0",
	"g_malloc_n",	 "g_malloc0_n",	   "g_realloc",	   "g_realloc_n",
	"g_slice_alloc", "g_slice_alloc0", "g_slice_copy",
};
#define ALLOCATORS (sizeof allocators / sizeof *allocators)

struct extent {
	uintptr_t low, high;
};

static struct extent makers[KINDS] LARGE, passed[ALLOCATORS] LARGE;
/* By stack: 0: not asked yet; 1 more than a kind's number; or OTHER. */
static uint8_t *known LARGE;
static uint32_t known_n LARGE;

static struct extent extent_of(const struct symbols_owner *glib,
			       const char *name)
{
	struct extent extent;

	extent.low = symbols_range(glib, name, &extent.high);
	return extent;
}

static size_t find(const struct extent *list, size_t n, uintptr_t pc)
{
	size_t i;

	for (i = 0; i < n && (pc < list[i].low || pc >= list[i].high); i++)
		;
	return i;
}

static uint8_t look_up(uint32_t stack)
{
	struct depot_frame frame;
	unsigned i;
	size_t kind;

	for (i = 0; i < DEPTH && (stack = stack_outwards(stack)); i++) {
		frame = depot_frame(stack);
		kind = find(makers, KINDS, frame.pc);
		if (kind < KINDS)
			return (uint8_t)(kind + 1);
		if (find(passed, ALLOCATORS, frame.pc) == ALLOCATORS)
			return OTHER;
		stack = frame.parent;
	}
	return OTHER;
}

const struct glib_kind *glib_kind_of(uint32_t stack)
{
	if (!stack || stack >= known_n)
		return NULL;
	if (!known[stack])
		known[stack] = look_up(stack);
	return known[stack] == OTHER ? NULL : &kinds[known[stack] - 1];
}

int glib_maker_begin(const struct symbols_owner *glib, struct arena *arena)
{
	const uintptr_t *first = blocks_first.list;
	size_t i;

	known_n = depot_count() + 1;
	known = arena_array(arena, known_n, sizeof *known);
	if (!known)
		return -ENOMEM;
	for (i = 0; i < KINDS; i++)
		makers[i] = extent_of(glib, kinds[i].maker);
	for (i = 0; i < ALLOCATORS; i++)
		passed[i] = extent_of(glib, allocators[i]);
	for (i = 0; i < blocks_first.n; i++)
		if (glib_kind_of(heap_stack(blocks_word(first[i]))))
			return 1;
	return 0;
}

uint32_t glib_count(uintptr_t block, const struct glib_kind *kind)
{
	uint64_t size = blocks_size(block);
	uint32_t at = kind->count, count;
	uint64_t bytes = block;
	struct gobject_hash table;

	if (size < kind->size || size > kind->most ||
	    (kind->form == GLIB_TABLE && !gobject_hash_read(block, &table)))
		return 0;
	if (kind->form == GLIB_TABLE)
		at = table.keys_at + FORM_HASH_COUNT;
	if (kind->form == GLIB_BYTES) /* small ones have their bytes behind */
		fault_copy(&bytes, block, sizeof bytes);
	if (bytes - block >= size && size != kind->size)
		return 0;
	fault_copy(&count, block + at, sizeof count);
	return count <= COUNT_MOST ? count : 0;
}
