/*
 * See site_global.h.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "model/type.h"
#include "symbols/symbols.h"
#include "symbols/symtab.h"
#include "debug/entry.h"
#include "site/site_function.h"
#include "site/site_global.h"
#include "site/site_machine.h"
#include "site/site_scene.h"
#include "site/site_store.h"
#include "site/site_walk.h"

#define DEPTH_MAX 32 /* namespaces in each other: a limit for damaged files */
#define GLOBALS_MAX (1u << 20)

static uint64_t address_of(Dwarf_Die *entry)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *ops;
	size_t n;

	if (!dwarf_attr(entry, DW_AT_location, &attribute) ||
	    dwarf_getlocation(&attribute, &ops, &n) || n != 1)
		return 0;
	if (ops[0].atom == DW_OP_addr)
		return ops[0].number;
	if (ops[0].atom == DW_OP_addrx && /* an index into a table */
	    !dwarf_getlocation_attr(&attribute, ops, &attribute)) {
		Dwarf_Addr address;

		if (!dwarf_formaddr(&attribute, &address))
			return address;
	}
	return 0;
}

static const char *symbol_name(Dwarf_Die *entry)
{
	Dwarf_Attribute attribute;

	if (dwarf_attr_integrate(entry, DW_AT_linkage_name, &attribute) ||
	    dwarf_attr_integrate(entry, DW_AT_name, &attribute))
		return dwarf_formstring(&attribute);
	return NULL;
}

static void global_add(struct globals *globals, Dwarf_Die *entry)
{
	struct global *global;

	if (globals->n == GLOBALS_MAX)
		return;
	if (globals->n == globals->room) {
		globals->room = globals->room ? 2 * globals->room : 64;
		globals->list = realloc(globals->list,
					globals->room * sizeof(*globals->list));
		if (!globals->list)
			die(STATUS_FAILED, "out of memory");
	}
	global = &globals->list[globals->n++];
	memset(global, 0, sizeof(*global));
	global->entry = *entry;
	global->address = address_of(entry);
	global->name = symbol_name(entry);
}

static void globals_list(struct globals *globals, Dwarf_Die *parent, int depth)
{
	Dwarf_Die child;

	if (depth == DEPTH_MAX || dwarf_child(parent, &child))
		return;
	do {
		if (dwarf_tag(&child) == DW_TAG_variable)
			global_add(globals, &child);
		else if (dwarf_tag(&child) == DW_TAG_namespace)
			globals_list(globals, &child, depth + 1);
	} while (!dwarf_siblingof(&child, &child));
}

static int by_address(const void *a, const void *b)
{
	const struct global *x = a, *y = b;

	return x->address == y->address ? 0 : x->address < y->address ? -1 : 1;
}

static struct globals *globals_of(struct walk *walk)
{
	struct sites *sites = sites_of(walk->symbols);
	const void *key = walk->scene->unit.addr;
	struct global *global, *other;
	struct globals *globals;

	HASH_FIND_PTR(sites->globals, &key, globals);
	if (globals)
		return globals;
	globals = calloc(1, sizeof(*globals));
	if (!globals)
		die(STATUS_FAILED, "out of memory");
	globals->key = key;
	HASH_ADD_PTR(sites->globals, key, globals);
	if (!key)
		return globals;
	globals_list(globals, &walk->scene->unit, 0);
	if (globals->n)
		qsort(globals->list, globals->n, sizeof(*globals->list),
		      by_address);
	for (global = globals->list; global < globals->list + globals->n;
	     global++) {
		if (!global->name)
			continue;
		HASH_FIND_STR(globals->by_name, global->name, other);
		if (!other)
			HASH_ADD_KEYPTR(hh, globals->by_name, global->name,
					strlen(global->name), global);
	}
	return globals;
}

static struct global *global_at(struct globals *globals, uint64_t address)
{
	size_t low = 0, high = globals->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (globals->list[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && globals->list[low - 1].address ? &globals->list[low - 1]
						     : NULL;
}

static const struct type *named(struct walk *walk, struct globals *globals,
				const char *name)
{
	struct global *global;

	HASH_FIND_STR(globals->by_name, name, global);
	return global ? type_of_owner(walk->report, walk->symbols,
				      &global->entry)
		      : NULL;
}

/* A static variable of the function itself. */
static const struct type *local(struct walk *walk, uint64_t at,
				uint64_t *inside)
{
	const struct type *type;
	size_t i;

	for (i = 0; i < walk->scene->spots_n; i++) {
		const struct spot *spot = &walk->scene->spots[i];

		*inside = at - (uint64_t)spot->offset;
		if (spot->kind != SPOT_ADDRESS || *inside > at)
			continue;
		type = variable_type(walk->report, walk->symbols,
				     spot->variable);
		if (type && *inside < type->size)
			return type;
	}
	return NULL;
}

/* At an address of the debug information. */
static const struct type *described(struct walk *walk, struct globals *globals,
				    uint64_t at, uint64_t *inside)
{
	const struct global *global = global_at(globals, at);
	const struct type *type = NULL;

	if (global) {
		*inside = at - global->address;
		type = type_of_owner(walk->report, walk->symbols,
				     (Dwarf_Die *)&global->entry);
	}
	return type && *inside < type->size ? type : local(walk, at, inside);
}

const struct type *global_type(struct walk *walk, const struct value *address,
			       uint64_t *inside)
{
	struct globals *globals = globals_of(walk);
	uint64_t at = (uint64_t)address->offset;
	const struct entry *entry;
	const struct type *type;

	if (address->kind == VALUE_SYMBOL) {
		*inside = at;
		return named(walk, globals, address->name);
	}
	type = described(walk, globals, at - walk->scene->bias, inside);
	if (type)
		return type;
	entry = entry_at(walk->symbols, at, true);
	if (!entry)
		return NULL;
	*inside = at - entry->start;
	return named(walk, globals, entry->name);
}
