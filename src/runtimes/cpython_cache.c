/*
 * See cpython_cache.h. The table of attributes has 4096 entries: a type's
 * version, a name, and the value that the type has under that name. Since 3.12
 * there may be a second table of as many entries: functions by their versions.
 * Since 3.13 it also has the code of each function. Both tables are found by
 * the form of their entries.
 */
#include <stdbool.h>
#include "runtimes/cpython_cache.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_objects.h"
#include "scan/declare.h"

#define ENTRIES 4096u
#define NAME 8
#define VALUE 16
#define FILLED_LEAST 16u /* by then any program has more */

enum kind { EMPTY, FILLED, OTHER };

struct form {
	uint32_t bytes; /* of an entry */
	uint32_t from;	/* in an entry: what is not owned */
	enum kind (*kind)(uintptr_t at);
};

static bool has_type(uintptr_t at, uintptr_t type)
{
	return word_of(at, OBJECT_TYPE) == type;
}

static enum kind value_kind(uintptr_t at)
{
	uintptr_t version = word_at(at), name = word_at(at + NAME);
	uintptr_t value = word_at(at + VALUE);

	/* the name of an empty entry may be None */
	if (!version && !value)
		return !name || is_pointer(name) ? EMPTY : OTHER;
	return version - 1 < UINT32_MAX && !cpython_is_address(version) &&
			       has_type(name, cpython.leaf[0]) &&
			       (!value || is_pointer(value))
		       ? FILLED
		       : OTHER;
}

static enum kind function_kind(uintptr_t at)
{
	uintptr_t function = word_at(at);

	if (!function)
		return EMPTY;
	return has_type(function, cpython.function) ? FILLED : OTHER;
}

static enum kind pair_kind(uintptr_t at)
{
	uintptr_t function = word_at(at), code = word_at(at + 8);

	if (!function && !code)
		return EMPTY;
	return (!function || has_type(function, cpython.function)) &&
			       (!code || has_type(code, cpython.code))
		       ? FILLED
		       : OTHER;
}

static const struct form values = {24, VALUE, value_kind};
static const struct form functions = {8, 0, function_kind};
static const struct form pairs = {16, 0, pair_kind};

static int forget(const struct form *form, uintptr_t low, uintptr_t high)
{
	int err = 0;

	for (; low < high && !err; low += form->bytes)
		if (form->kind(low) == FILLED)
			err = declare_weak(low + form->from, low + form->bytes);
	return err;
}

/* Entries from `low` on. */
static int look(const struct form *form, uintptr_t low, uintptr_t high)
{
	uint32_t n = 0, filled = 0;
	uintptr_t at;
	int err = 0;

	for (at = low; !err; at += form->bytes) {
		bool inside = at + form->bytes <= high;
		enum kind kind = inside ? form->kind(at) : OTHER;

		if (kind != OTHER) {
			filled += kind == FILLED;
			n++;
			continue;
		}
		if (n >= ENTRIES && filled >= FILLED_LEAST)
			err = forget(form, at - (uint64_t)n * form->bytes, at);
		n = filled = 0;
		if (!inside)
			break;
	}
	return err;
}

static int look_all(const struct form *form, uintptr_t low, uintptr_t high)
{
	uint32_t skip;
	int err = 0;

	for (skip = 0; skip < form->bytes && !err; skip += 8)
		err = look(form, low + skip, high);
	return err;
}

int cpython_cache(uintptr_t low, uintptr_t high)
{
	int err = look_all(&values, low, high);

	if (!err && cpython.minor >= 12)
		err = look_all(cpython.minor < 13 ? &functions : &pairs, low,
			       high);
	return err;
}
