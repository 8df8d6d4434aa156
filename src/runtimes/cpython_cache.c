/*
 * See cpython_cache.h. Since 3.10 an interpreter has a table of 4096 entries: a
 * type's version, a name, and the value that the type has under it. It is known
 * by its form.
 */
#include <stdbool.h>
#include "runtimes/cpython_cache.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_objects.h"
#include "scan/declare.h"

#define ENTRIES 4096u
#define ENTRY 24u
#define NAME 8
#define VALUE 16
#define FILLED_LEAST 16u /* by then any program has more */

static bool is_filled(uintptr_t at)
{
	uintptr_t value = word_at(at + VALUE);

	return word_at(at) - 1 < UINT32_MAX &&
	       !cpython_is_address(word_at(at)) &&
	       word_of(word_at(at + NAME), OBJECT_TYPE) == cpython.leaf[0] &&
	       (!value || is_pointer(value));
}

/* Its name may be None. */
static bool is_empty(uintptr_t at)
{
	uintptr_t name = word_at(at + NAME);

	return !word_at(at) && !word_at(at + VALUE) &&
	       (!name || is_pointer(name));
}

static int forget(uintptr_t low, uintptr_t high)
{
	int err = 0;

	for (; low < high && !err; low += ENTRY)
		if (word_at(low + VALUE))
			err = declare_weak(low + VALUE, low + ENTRY);
	return err;
}

/* Entries from `low` on, every 24 bytes. */
static int look(uintptr_t low, uintptr_t high)
{
	uint32_t n = 0, filled = 0;
	uintptr_t at;
	int err = 0;

	for (at = low; !err; at += ENTRY) {
		bool inside = at + ENTRY <= high;

		if (inside && is_filled(at)) {
			filled++;
			n++;
		} else if (inside && is_empty(at)) {
			n++;
		} else {
			if (n >= ENTRIES && filled >= FILLED_LEAST)
				err = forget(at - n * ENTRY, at);
			n = filled = 0;
		}
		if (!inside)
			break;
	}
	return err;
}

int cpython_cache(uintptr_t low, uintptr_t high)
{
	int err = look(low, high);

	if (!err)
		err = look(low + 8, high);
	return err ? err : look(low + 16, high);
}
