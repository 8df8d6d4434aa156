/*
 * See origin.h.
 */
#include <string.h>

#include "common/text.h"
#include "meaning/origin.h"
#include "model/entries.h"
#include "model/functions.h"
#include "model/model.h"

static const char program[] = "program";

/* Libraries that only hand out memory, or in which a language stands. */
static bool is_runtime(const char *library)
{
	static const char *const names[] = {
		"libc.so",	"libc-2",
		"libc++",	"libstdc++",
		"libm.so",	"ld-",
		"libgcc_s",	"libpthread",
		"libdl.so",	"libjemalloc",
		"C++ ",		"libtcmalloc",
		"libmimalloc",	"Rust's",
		"code outside", "Python's interpreter",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(library, names[i], strlen(names[i])))
			return true;
	return false;
}

/* GLib is what C++ has in its own library: containers, objects, allocators. */
static bool is_glib(const char *library)
{
	return text_begins(library, "libglib-2.0.so") ||
	       text_begins(library, "libgobject-2.0.so");
}

static const char *stack_origin(struct report *report,
				const struct stack *stack)
{
	struct entry_line *entries;
	size_t n = stack_entries(report, stack, &entries), i;
	const char *glib = NULL; /* where nothing else is on the stack */

	for (i = 0; i < n; i++) {
		const struct entry_line *entry = &entries[i];
		const char *function = entry->symbol->function;

		if (entry->library && is_glib(entry->library)) {
			glib = entry->library;
			continue;
		}
		if (function && function_is_allocator(function))
			continue;
		if (!entry->library || (entry->frame->module &&
					entry->frame->module->is_executable &&
					!is_runtime(entry->library)))
			return program;
		if (!is_runtime(entry->library))
			return entry->library;
	}
	return glib;
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
