/*
 * See named.h. The list has a hash of each name instead of the name, which is
 * put together only for those that are looked up.
 */
#include <ctype.h>
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/hash.h"
#include "common/integers.h"
#include "common/progress.h"
#include "symbols/scope.h"
#include "symbols/symbols.h"
#include "debug/attribute.h"
#include "debug/named.h"
#include "debug/store.h"

#define DEPTH_MAX 32 /* of namespaces: a limit for damaged files */

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* How long the "ul" of "3ul" is, at p, behind a digit; 0: it is something
 * else. */
static size_t suffix_length(const char *p)
{
	size_t n = strspn(p, "ulUL");

	return p[n] == ',' || p[n] == '>' || p[n] == ' ' ? n : 0;
}

/* How many bytes at p, where a word may begin, say nothing: const. */
static size_t const_length(const char *p)
{
	return strncmp(p, "const", 5) || is_word(p[5]) ? 0 : 5;
}

/* What compilers write in several ways, at p: how many bytes it has, and the
 * text that stands for them. 0: the byte there stands for itself. Nearly all
 * do, and are told by a look at them. */
static size_t varied_length(const char *name, const char *p, const char **text)
{
	const char *integer;
	size_t n;

	*text = "";
	if (*p == ' ')
		return 1;
	if (p > name && is_word(p[-1]))
		return strchr("ulUL", *p) && isdigit((unsigned char)p[-1])
			       ? suffix_length(p)
			       : 0;
	if (!strchr("cilsu", *p))
		return 0;
	n = const_length(p);
	if (n || p == name)
		return n;
	integer = integer_name(p, &n);
	if (!integer)
		return 0;
	*text = integer;
	return n;
}

/* The same for all ways in which compilers write a name. */
static uint64_t hash_more(uint64_t hash, const char *name)
{
	const char *p = name, *text;
	size_t n;

	while (*p) {
		n = varied_length(name, p, &text);
		if (n)
			hash = hash_bytes(hash, text, strlen(text));
		else
			hash = hash_bytes(hash, p, 1);
		p += n ? n : 1;
	}
	return hash;
}

static void name_add(struct store *store, uint64_t hash, Dwarf_Die *entry,
		     uint64_t size)
{
	struct named *named, *first;

	HASH_FIND(hh, store->names, &hash, sizeof(hash), first);
	for (named = first; named; named = named->next)
		if (named->size == size)
			return;
	named = calloc(1, sizeof(*named));
	if (!named)
		die(STATUS_FAILED, "out of memory");
	named->hash = hash;
	named->entry = *entry;
	named->size = size;
	if (first) {
		named->next = first->next;
		first->next = named;
	} else {
		HASH_ADD(hh, store->names, hash, sizeof(hash), named);
	}
}

/* A typedef counts only when it names what has no name. */
static bool is_definition(Dwarf_Die *entry, uint64_t *size)
{
	Dwarf_Die record = *entry;

	if (dwarf_tag(entry) == DW_TAG_typedef &&
	    (!entry_reference(entry, DW_AT_type, &record) ||
	     die_name(&record) || dwarf_tag(&record) == DW_TAG_typedef))
		return false;
	return !entry_flag(&record, DW_AT_declaration) &&
	       entry_number(&record, DW_AT_byte_size, size);
}

static bool may_be_named(int tag)
{
	switch (tag) {
	case DW_TAG_namespace:
	case DW_TAG_module:
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
	case DW_TAG_typedef:
		return true;
	default:
		return false;
	}
}

/* The hash of the whole name; that of what is around the entry is hash. What
 * was declared elsewhere has its name from there. False: it has none. */
static bool name_hash(struct symbols *symbols, Dwarf_Die *entry, uint64_t *hash)
{
	const char *name = die_name(entry);
	char *full;

	if (dwarf_hasattr(entry, DW_AT_specification)) {
		full = die_full_name(symbols, entry);
		if (!full)
			return false;
		*hash = hash_more(0, full);
		free(full);
		return true;
	}
	if (!name && dwarf_tag(entry) == DW_TAG_namespace)
		name = "(anonymous namespace)";
	if (!name)
		return false;
	*hash = hash_more(*hash, name);
	return true;
}

/* Of the standard library's classes nobody asks what they have inside, which is
 * most of what a program's file describes. */
static bool is_closed(Dwarf_Die *entry, int depth)
{
	const char *name = die_name(entry);

	return !depth && dwarf_tag(entry) == DW_TAG_namespace && name &&
	       (!strcmp(name, "std") || !strcmp(name, "__gnu_cxx"));
}

static void names_list(struct symbols *symbols, Dwarf_Die *parent,
		       uint64_t around, bool closed, int depth)
{
	Dwarf_Die child;

	if (depth == DEPTH_MAX || dwarf_child(parent, &child))
		return;
	do {
		int tag = dwarf_tag(&child);
		uint64_t size, hash = around;
		bool is_space;

		if (!may_be_named(tag) || !name_hash(symbols, &child, &hash))
			continue;
		is_space = tag == DW_TAG_namespace || tag == DW_TAG_module;
		if (!is_space && is_definition(&child, &size))
			name_add(store_of(symbols), hash, &child, size);
		if (tag != DW_TAG_typedef && (is_space || !closed) &&
		    dwarf_haschildren(&child) > 0)
			names_list(symbols, &child, hash_more(hash, "::"),
				   closed || is_closed(&child, depth),
				   depth + 1);
	} while (!dwarf_siblingof(&child, &child));
}

static void dwarf_list(struct symbols *symbols, Dwarf *dwarf)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die entry, split;
	uint8_t type;

	while (!dwarf_get_units(dwarf, unit, &unit, NULL, &type, &entry,
				&split)) {
		names_list(symbols, &entry, 0, false, 0);
		if (type == DW_UT_skeleton && split.addr)
			names_list(symbols, &split, 0, false, 0);
		progress_tick();
	}
}

static void names_read(struct symbols *symbols)
{
	struct store *store = store_of(symbols);
	Dwarf_Addr bias;
	Dwarf *dwarf, *shared;

	store->names_read = true;
	dwarf = symbols->module ? dwfl_module_getdwarf(symbols->module, &bias)
				: NULL;
	if (!dwarf)
		return;
	dwarf_list(symbols, dwarf);
	shared = dwarf_getalt(dwarf);
	if (shared)
		dwarf_list(symbols, shared);
}

void named_each(struct symbols *symbols, named_fn *fn, void *data)
{
	struct store *store = store_of(symbols);
	struct named *first, *named;

	if (!store->names_read)
		names_read(symbols);
	for (first = store->names; first; first = first->hh.next)
		for (named = first; named; named = named->next)
			fn(data, &named->entry, named->size);
}

static struct named *first_find(struct symbols *symbols, const char *name)
{
	struct store *store = store_of(symbols);
	uint64_t hash = hash_more(0, name);
	struct named *named;

	if (!store->names_read)
		names_read(symbols);
	HASH_FIND(hh, store->names, &hash, sizeof(hash), named);
	return named;
}

bool named_find(struct symbols *symbols, const char *name, uint64_t size,
		Dwarf_Die *entry)
{
	struct named *named = first_find(symbols, name);

	if (named && !size && named->next)
		return false;
	while (named && size && named->size != size)
		named = named->next;
	if (named)
		*entry = named->entry;
	return named;
}
