/*
 * See cpython_bound.h. pybind11 has a table from the addresses of C++ objects
 * to the Python objects that stand for them (registered_instances, an
 * unordered_multimap). It owns neither, but would keep what the C++ object
 * holds. Its nodes are known by their form: the address of a C++ object, then
 * that of a Python object whose own first word is the former.
 */
#include "runtimes/cpython_bound.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_objects.h"
#include "runtimes/cpython_types.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/declare.h"
#include "scan/sheet.h"

/* next, perhaps a hash, and the two */
#define NODE_LEAST 24
#define NODE_MOST 48
#define BOUND_VALUE 16 /* of the Python object: the C++ object */

static bool are_bound(uintptr_t value, uintptr_t at)
{
	const struct cpython_object *o;

	if (!is_pointer(value) || !is_pointer(at))
		return false;
	o = cpython_object_at(at);
	return o && object_type(o)->bound && word_at(at + BOUND_VALUE) == value;
}

static int look_at(uintptr_t block)
{
	uint64_t size = blocks_size(block);
	uintptr_t at;

	if (size < NODE_LEAST || size > NODE_MOST)
		return 0;
	for (at = block + 8; at + 16 <= block + size; at += 8)
		if (are_bound(word_at(at), word_at(at + 8)))
			return declare_weak(at, at + 16);
	return 0;
}

int cpython_bound(void)
{
	uint32_t i, k;
	int err = 0;

	if (!cpython_types_bound())
		return 0;
	for (i = 0; i < blocks_sheets_n && !err; i++) {
		const struct sheet *sheet = blocks_sheets[i];

		for (k = 0; k < sheet_cells(sheet); k++) {
			uint64_t bits = sheet->cell[k].begins;

			for (; bits && !err; bits &= bits - 1)
				err = look_at(cell_address(
					sheet, k, __builtin_ctzl(bits)));
		}
	}
	return err;
}
