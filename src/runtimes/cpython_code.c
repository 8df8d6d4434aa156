/*
 * See cpython_code.h. Since 3.11 instructions stand behind their code object,
 * and what they remember among them, in two bytes each: a few, and zeros, look
 * like an address of a heap that lies low. Modules that are part of the
 * interpreter have their code, and its strings, among its variables.
 */
#include <errno.h>
#include <stdbool.h>
#include "process/symbols.h"
#include "runtimes/cpython_code.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_objects.h"
#include "runtimes/cpython_types.h"
#include "scan/declare.h"
#include "scan/variables.h"

#define LENGTH_MOST (1ul << 20)
#define COUNT_LEAST 900000000u /* 999999999, or beyond */
#define RUNTIME_BYTES (512ul << 10)

static bool failed;

static void forget(uintptr_t low, uintptr_t high)
{
	if (declare_weak(low, high))
		failed = true;
}

static void forget_code(uintptr_t at)
{
	const struct cpython_type *type = cpython_type(cpython.code);
	uint64_t n = word_at(at + OBJECT_SIZE);

	if (type && n <= LENGTH_MOST)
		forget(at + type->basic, at + type->basic + n * type->item);
}

static bool is_zero(uintptr_t at)
{
	return !*(const volatile char *)at;
}

/* ASCII, with a 0 behind. */
static bool is_text(uintptr_t at, uint64_t n)
{
	uint32_t state = (uint32_t)word_at(at + STR_STATE);

	return state & STR_COMPACT && state & STR_ASCII &&
	       is_zero(at + cpython.least[0] + n);
}

/* Static objects have a type behind a count that no others reach. What the
 * interpreter remembers looks like anything. */
static void look_at(uintptr_t place)
{
	uintptr_t at = place - OBJECT_TYPE, type = word_at(place);
	uint64_t n;

	if ((type != cpython.code && type != cpython.leaf[0] &&
	     type != cpython.leaf[1]) ||
	    at - cpython.runtime < RUNTIME_BYTES)
		return;
	n = word_at(at + OBJECT_SIZE);
	if ((uint32_t)word_at(at + OBJECT_COUNT) < COUNT_LEAST ||
	    n > LENGTH_MOST)
		return;
	if (type == cpython.code)
		forget_code(at);
	else if (type == cpython.leaf[1] && is_zero(at + BYTES_HEAD + n))
		forget(at + BYTES_HEAD, at + BYTES_HEAD + n);
	else if (type == cpython.leaf[0] && is_text(at, n))
		forget(at + cpython.least[0], at + cpython.least[0] + n);
}

int cpython_code(void)
{
	struct symbols_owner owner;
	uint32_t i;

	if (cpython.minor < 11)
		return 0;
	failed = false;
	for (i = 0; i < cpython_objects_n; i++)
		if (object_type(&cpython_objects[i])->at == cpython.code)
			forget_code(object_at(&cpython_objects[i]));
	if (symbols_owner(&owner, "PyType_Type"))
		variables_each(&owner, look_at);
	return failed ? -ENOMEM : 0;
}
