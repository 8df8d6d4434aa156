/*
 * See site_scene.h.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "symbols/scope.h"
#include "symbols/functions.h"
#include "symbols/symbols.h"
#include "debug/entry.h"
#include "site/site_function.h"
#include "site/site_scene.h"
#include "site/site_spot.h"
#include "site/site_store.h"

#define ENTRIES_MAX (1u << 16) /* of one function: for damaged files */

struct listing {
	struct report *report;
	struct scene *scene;
	struct spot_base base;
	unsigned entries, arguments;
};

static const char *class_name(Dwarf_Die *function)
{
	Dwarf_Attribute attribute;
	Dwarf_Die this, type, class;

	if (!dwarf_attr_integrate(function, DW_AT_object_pointer, &attribute) ||
	    !dwarf_formref_die(&attribute, &this) ||
	    !dwarf_attr_integrate(&this, DW_AT_type, &attribute) ||
	    !dwarf_formref_die(&attribute, &type))
		return NULL;
	if (dwarf_tag(&type) == DW_TAG_const_type &&
	    (!dwarf_attr(&type, DW_AT_type, &attribute) ||
	     !dwarf_formref_die(&attribute, &type)))
		return NULL;
	if (dwarf_tag(&type) != DW_TAG_pointer_type ||
	    !dwarf_attr(&type, DW_AT_type, &attribute) ||
	    !dwarf_formref_die(&attribute, &class))
		return NULL;
	return die_name(&class);
}

bool is_constructor(Dwarf_Die *function)
{
	Dwarf_Attribute attribute;
	const char *name = NULL, *class = class_name(function);
	size_t n;

	if (dwarf_attr_integrate(function, DW_AT_name, &attribute))
		name = dwarf_formstring(&attribute);
	if (!name || !class)
		return false;
	n = strcspn(class, "<");
	return n && strcspn(name, "<") == n && !strncmp(name, class, n);
}

static bool is_this(Dwarf_Die *entry)
{
	const char *name = die_name(entry);

	return name && !strcmp(name, "this");
}

static void variable_take(struct listing *listing, Dwarf_Die *scope,
			  Dwarf_Die *entry)
{
	struct variable *variable =
		report_take(listing->report, 1, sizeof(*variable));
	bool is_parameter = dwarf_tag(entry) == DW_TAG_formal_parameter;

	variable->entry = *entry;
	if (is_parameter && scope->addr == listing->scene->function.addr)
		variable->argument = ++listing->arguments;
	variable->is_inner = is_parameter && !variable->argument;
	if (is_parameter && is_this(entry))
		variable->is_constructed = is_constructor(scope);
	spots_add(listing->scene, &listing->base, scope, variable);
}

static bool is_scope(Dwarf_Die *entry)
{
	switch (dwarf_tag(entry)) {
	case DW_TAG_lexical_block:
	case DW_TAG_inlined_subroutine:
	case DW_TAG_try_block:
	case DW_TAG_catch_block:
		return true;
	default:
		return false;
	}
}

static void call_take(struct listing *listing, Dwarf_Die *entry)
{
	struct scene *scene = listing->scene;
	Dwarf_Attribute attribute;
	struct call call;
	Dwarf_Addr back;

	if ((!dwarf_attr(entry, DW_AT_call_return_pc, &attribute) &&
	     !dwarf_attr(entry, DW_AT_low_pc, &attribute)) ||
	    dwarf_formaddr(&attribute, &back) ||
	    (!dwarf_attr(entry, DW_AT_call_origin, &attribute) &&
	     !dwarf_attr(entry, DW_AT_abstract_origin, &attribute)) ||
	    !dwarf_formref_die(&attribute, &call.function))
		return;
	if (scene->calls_n == scene->calls_room) {
		scene->calls_room =
			scene->calls_room ? 2 * scene->calls_room : 16;
		scene->calls =
			realloc(scene->calls, scene->calls_room * sizeof(call));
		if (!scene->calls)
			die(STATUS_FAILED, "out of memory");
	}
	call.back = back + scene->bias;
	scene->calls[scene->calls_n++] = call;
}

static void entry_take(struct listing *listing, Dwarf_Die *scope,
		       Dwarf_Die *entry)
{
	switch (dwarf_tag(entry)) {
	case DW_TAG_variable:
	case DW_TAG_formal_parameter:
		variable_take(listing, scope, entry);
		break;
	case DW_TAG_call_site:
	case DW_TAG_GNU_call_site:
		call_take(listing, entry);
		break;
	}
}

static void scope_list(struct listing *listing, Dwarf_Die *scope, int depth)
{
	Dwarf_Die child;

	if (depth == SCOPES_MAX || dwarf_child(scope, &child))
		return;
	do {
		if (++listing->entries > ENTRIES_MAX)
			return;
		if (is_scope(&child))
			scope_list(listing, &child, depth + 1);
		else
			entry_take(listing, scope, &child);
	} while (!dwarf_siblingof(&child, &child));
}

bool scene_stretch(struct scene *scene, uint64_t address, uint64_t *start,
		   uint64_t *end)
{
	Dwarf_Addr base, first, last;
	ptrdiff_t at = 0;

	if (!scene->key)
		return false;
	address -= scene->bias;
	while ((at = dwarf_ranges(&scene->function, at, &base, &first, &last)) >
	       0)
		if (address >= first && address < last) {
			*start = first + scene->bias;
			*end = last + scene->bias;
			return true;
		}
	return false;
}

static int by_back(const void *a, const void *b)
{
	const struct call *x = a, *y = b;

	return x->back == y->back ? 0 : x->back < y->back ? -1 : 1;
}

const struct call *scene_call(const struct scene *scene, uint64_t back)
{
	struct call key = {.back = back};

	return scene->calls_n ? bsearch(&key, scene->calls, scene->calls_n,
					sizeof(key), by_back)
			      : NULL;
}

static struct scene *scene_new(const void *key)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	if (!scene)
		die(STATUS_FAILED, "out of memory");
	scene->key = key;
	return scene;
}

struct scene *scene_at(struct report *report, struct symbols *symbols,
		       uint64_t address)
{
	struct sites *sites = sites_of(symbols);
	struct scene found = {.key = NULL}, *scene;
	struct listing listing = {.report = report};
	Dwarf_Addr bias = 0;

	if (symbols->module && unit_at(symbols, address, &found.unit, &bias) &&
	    function_at(symbols, &found.unit, address - bias, &found.function))
		found.key = found.function.addr;
	HASH_FIND_PTR(sites->scenes, &found.key, scene);
	if (scene)
		return scene;
	scene = scene_new(found.key);
	HASH_ADD_PTR(sites->scenes, key, scene);
	if (!found.key)
		return scene;
	scene->function = found.function;
	scene->unit = found.unit;
	scene->bias = bias;
	listing.scene = scene;
	spot_base_find(&scene->function, &listing.base);
	scope_list(&listing, &scene->function, 0);
	spots_sort(scene);
	if (scene->calls_n)
		qsort(scene->calls, scene->calls_n, sizeof(struct call),
		      by_back);
	return scene;
}

const struct type *variable_type(struct report *report, struct symbols *symbols,
				 struct variable *variable)
{
	if (!variable->type_asked) {
		variable->type_asked = true;
		variable->type =
			type_of_owner(report, symbols, &variable->entry);
	}
	return variable->type;
}
