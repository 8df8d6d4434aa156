/*
 * See rtti.h. By the Itanium C++ ABI two words stand before the place in a
 * virtual table to which an object points: the offset to the top of the object,
 * which is 0 at its beginning, and the address of its type_info. A type_info
 * begins with a pointer into a virtual table of its own and a pointer to the
 * name. Its class is one of the ABI's library, which is itself described so:
 * that tells it from words that happen to lead into a module.
 *
 * All of it must be in modules. What cannot be read reads as zeros.
 *
 * Snapshot child only.
 */
#include <stdbool.h>
#include <string.h>
#include "scan/rtti.h"
#include "scan/read.h"
#include "scan/root.h"
#include "stack/module.h"

#define SUPPORT "N10__cxxabiv1" /* the namespace of the ABI's library */

struct type_info {
	uintptr_t vtable, name;
};

struct copy {
	char *name;
	size_t n, room;
	bool ended;
};

static void copy_run(uintptr_t low, uintptr_t high, void *data)
{
	struct copy *copy = data;

	while (low < high && copy->n < copy->room && !copy->ended) {
		char c = *(const volatile char *)low++;

		copy->name[copy->n++] = c;
		copy->ended = !c;
	}
}

/* How many bytes of its module are at that address and after it. */
static size_t module_left(uintptr_t address)
{
	uint32_t module = address >= 4096 ? module_find(address) : 0;

	return module && address < module_get(module)->end
		       ? module_get(module)->end - address
		       : 0;
}

/* Copies a string of a module. Its length; 0: there is none, or no room. */
static size_t string_read(uintptr_t at, char *name, size_t room)
{
	struct copy copy = {name, 0, room, false};
	size_t left = module_left(at);

	if (left)
		read_runs(at, at + (left < room ? left : room), ROOT_PRIVATE,
			  copy_run, &copy);
	return copy.ended ? copy.n - 1 : 0;
}

static void word_run(uintptr_t low, uintptr_t high, void *data)
{
	uintptr_t *words = data;

	for (; low + 8 <= high; low += 8)
		*words++ = read_word(low);
}

/* Reads two words of a module. */
static bool pair_read(uintptr_t at, uintptr_t pair[2])
{
	if (at % 8 || module_left(at) < 16)
		return false;
	pair[0] = pair[1] = 0;
	read_runs(at, at + 16, ROOT_PRIVATE, word_run, pair);
	return true;
}

/* The type_info before the place in a virtual table. */
static bool info_read(uintptr_t vtable, struct type_info *info)
{
	uintptr_t before[2], words[2];

	if (vtable < 4096 || !pair_read(vtable - 16, before) || before[0] ||
	    !pair_read(before[1], words))
		return false;
	*info = (struct type_info){words[0], words[1]};
	return true;
}

/* Whether a type_info with that virtual table describes a class. */
static bool is_of_class(uintptr_t vtable)
{
	static const char *const kinds[] = {"17__class_type_infoE",
					    "20__si_class_type_infoE",
					    "21__vmi_class_type_infoE"};
	struct type_info info;
	char name[64];
	size_t i;

	if (!info_read(vtable, &info) ||
	    !string_read(info.name, name, sizeof name) ||
	    strncmp(name, SUPPORT, sizeof SUPPORT - 1))
		return false;
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(name + sizeof SUPPORT - 1, kinds[i]))
			return true;
	return false;
}

/* Whether it is the mangled name of a class: of its own, in namespaces, in std,
 * or in a function. */
static bool is_name(const char *name)
{
	if (!strchr("0123456789NSZ", *name))
		return false;
	for (; *name; name++)
		if ((unsigned char)*name <= ' ' || *name == 0x7f)
			return false;
	return true;
}

size_t rtti_name(uintptr_t vtable, char *name, size_t room)
{
	struct type_info info;
	size_t n;

	if (!info_read(vtable, &info) || !is_of_class(info.vtable))
		return 0;
	n = string_read(info.name, name, room);
	if (n && *name == '*') /* the class is this module's alone */
		memmove(name, name + 1, n--);
	return n && is_name(name) ? n : 0;
}
