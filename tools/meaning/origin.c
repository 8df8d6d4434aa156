/*
 * See origin.h.
 */
#include <string.h>

#include "meaning/origin.h"
#include "model/entries.h"
#include "model/model.h"

static const char program[] = "program";

/* Libraries that only hand out memory, or in which a language stands. */
static bool is_runtime(const char *library)
{
	static const char *const names[] = {
		"libc.so",     "libc-2",      "libc++",	      "libstdc++",
		"libm.so",     "ld-",	      "libgcc_s",     "libpthread",
		"libdl.so",    "libjemalloc", "C++ ",	      "libtcmalloc",
		"libmimalloc", "Rust's",      "code outside",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(library, names[i], strlen(names[i])))
			return true;
	return false;
}

static bool is_allocator(const char *function)
{
	static const char *const names[] = {
		"g_malloc", "g_realloc",     "g_slice_",     "g_try_malloc",
		"g_strdup", "g_strndup",     "g_memdup",     "operator new",
		"malloc",   "calloc",	     "realloc",	     "xmalloc",
		"xcalloc",  "g_type_create", "g_object_new",
	};
	size_t i;

	for (i = 0; function && i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(function, names[i], strlen(names[i])))
			return true;
	return false;
}

static const char *stack_origin(struct report *report,
				const struct stack *stack)
{
	struct entry_line *entries;
	size_t n = stack_entries(report, stack, &entries), i;

	for (i = 0; i < n; i++) {
		const struct entry_line *entry = &entries[i];

		if (is_allocator(entry->symbol->function))
			continue;
		if (!entry->library || (entry->frame->module &&
					entry->frame->module->is_executable &&
					!is_runtime(entry->library)))
			return program;
		if (!is_runtime(entry->library))
			return entry->library;
	}
	return NULL;
}

const char *finding_origin(struct report *report, const struct finding *finding)
{
	const char *origin = NULL, *now;
	size_t i, n = finding->ring_n ? finding->ring_n : finding->objects_n;

	for (i = 0; i < n && i < finding->members_n; i++) {
		now = stack_origin(report, finding->members[i].stack);
		if (now == program)
			return program;
		origin = origin ? origin : now;
	}
	return origin;
}
