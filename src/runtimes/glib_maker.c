/*
 * See glib_maker.h. What a function of GLib allocates for itself has another
 * size or form than the structure that it makes.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/large.h"
#include "heap/heap_word.h"
#include "process/symbols.h"
#include "runtimes/glib_functions.h"
#include "runtimes/glib_maker.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "stack/depot.h"
#include "stack/stack.h"

#define DEPTH 8 /* allocators call each other */
#define ANY UINT16_MAX

static const struct glib_kind kinds[] = {
	{"GSource", "g_source_new", 96, ANY, 24, GLIB_SOURCE},
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
	{"GPtrArray", "g_ptr_array_new", 32, 32, 16, GLIB_POINTERS},
	{"GPtrArray", "g_ptr_array_sized_new", 32, 32, 16, GLIB_POINTERS},
	{"GPtrArray", "g_ptr_array_copy", 32, 32, 16, GLIB_POINTERS},
	{"GArray", "g_array_", 40, 40, 24, GLIB_ARRAY},
	{"GArray", "g_byte_array_", 40, 40, 24, GLIB_ARRAY},
	{"GVariant", "g_variant_", 48, ANY, 36, GLIB_VARIANT},
	{NULL, "g_rc_box_", 32, ANY, 0, GLIB_BOX},
	{NULL, "g_atomic_rc_box_", 32, ANY, 0, GLIB_BOX},
	{NULL, "g_ref_string_", 32, ANY, 0, GLIB_BOX},
	{NULL, "", 32, ANY, 0, GLIB_HIDDEN},
};
#define KINDS (sizeof kinds / sizeof *kinds)
#define HIDDEN (KINDS - 1)

/* Arrays grow by g_realloc, but are not made by it. */
static const char *const allocators[] = {
	"g_malloc",	 "g_malloc0",	   "g_try_malloc",
	"g_try_malloc0", "g_malloc_n",	   "g_malloc0_n",
	"g_slice_alloc", "g_slice_alloc0", "g_slice_copy",
};
#define ALLOCATORS (sizeof allocators / sizeof *allocators)

/* Of a function: 0: not asked yet; 1 more than a kind's number; or these. Also
 * of a stack, which does not have ALLOCATOR. */
enum { ALLOCATOR = UINT8_MAX - 1, OTHER = UINT8_MAX };

static uint8_t *known LARGE; /* by stack */
static uint32_t known_n LARGE;

static bool makes(const struct glib_kind *kind, const char *name)
{
	if (kind->form < GLIB_POINTERS)
		return !strcmp(name, kind->maker);
	return *kind->maker && !strncmp(name, kind->maker, strlen(kind->maker));
}

static uint8_t role_of(const char *name)
{
	size_t i;

	for (i = 0; i < ALLOCATORS; i++)
		if (!strcmp(name, allocators[i]))
			return ALLOCATOR;
	for (i = 0; i < KINDS; i++)
		if (makes(&kinds[i], name))
			return (uint8_t)(i + 1);
	return OTHER;
}

static uint8_t role_at(uintptr_t pc)
{
	struct glib_function *function = glib_function_at(pc);

	if (!function)
		return 0;
	if (!function->role)
		function->role = role_of(function->name);
	return function->role;
}

/* hidden: a function that GLib does not export lies between. */
static uint8_t made_by(uint8_t role, bool hidden)
{
	bool is_kind = role && role <= KINDS;

	if (hidden && is_kind && kinds[role - 1].form < GLIB_POINTERS)
		return OTHER;
	return role;
}

static uint8_t look_up(uint32_t stack)
{
	struct depot_frame frame;
	bool hidden = false;
	uint8_t role;
	unsigned i;

	for (i = 0; i < DEPTH && (stack = stack_outwards(stack)); i++) {
		frame = depot_frame(stack);
		if (!glib_has(frame.pc))
			return hidden ? HIDDEN + 1 : OTHER;
		role = role_at(frame.pc);
		if (role && role != ALLOCATOR)
			return made_by(role, hidden);
		hidden |= !role;
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
	uint32_t i;

	known_n = depot_count() + 1;
	known = arena_array(arena, known_n, sizeof *known);
	if (!known || glib_functions_begin(glib, arena))
		return -ENOMEM;
	for (i = 0; i < blocks_first.n; i++)
		if (glib_kind_of(heap_stack(blocks_word(first[i]))))
			return 1;
	return 0;
}
