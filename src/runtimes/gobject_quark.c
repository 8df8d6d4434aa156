/*
 * See gobject_quark.h. g_quark_to_string() takes no lock: it reads two
 * variables and a word of the table. It is called here, in memory that nobody
 * changes any more.
 */
#include <stdbool.h>
#include "runtimes/gobject_quark.h"
#include "scan/fault.h"

typedef const char *to_string_fn(uint32_t quark);

static to_string_fn *to_string;

void gobject_quark_begin(uintptr_t function)
{
	to_string = (to_string_fn *)function;
}

size_t gobject_string(uintptr_t at, char *room, size_t size)
{
	size_t n;

	if (!at || !size)
		return 0;
	fault_copy(room, at, size);
	for (n = 0; n < size && room[n]; n++)
		if ((unsigned char)room[n] < ' ' || room[n] == 0x7f)
			return 0;
	return n < size ? n : 0;
}

size_t gobject_quark(uint32_t quark, char *room, size_t size)
{
	return to_string
		       ? gobject_string((uintptr_t)to_string(quark), room, size)
		       : 0;
}

bool gobject_quark_array(uintptr_t at, uint32_t n)
{
	uint64_t name;
	uint32_t i;

	for (i = 1; to_string && i < n; i++) {
		fault_copy(&name, at + 8ul * i, sizeof name);
		if (!name || name != (uintptr_t)to_string(i))
			return false;
	}
	return to_string && n > 1;
}
