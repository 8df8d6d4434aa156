/*
 * See site_template.h.
 */
#include <dwarf.h>
#include <string.h>

#include "model/model.h"
#include "model/type.h"
#include "symbols/functions.h"
#include "symbols/modules.h"
#include "symbols/scope.h"
#include "symbols/symbols.h"
#include "symbols/symtab.h"
#include "debug/entry.h"
#include "site/site_template.h"

#define ORIGINS_MAX 8 /* of one function: for damaged files */

static const char *text_of(Dwarf_Die *entry, unsigned name)
{
	Dwarf_Attribute attribute;

	return dwarf_attr_integrate(entry, name, &attribute)
		       ? dwarf_formstring(&attribute)
		       : NULL;
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Of the C++ library or Rust's, by a mangled name. */
static bool is_library(const char *name)
{
	static const char *const prefixes[] = {
		"_ZSt",	    "_ZNSt",	     "_ZNKSt",	       "_ZNSa",
		"_ZNKSa",   "_ZN9__gnu_cxx", "_ZNK9__gnu_cxx", "_ZN5alloc",
		"_ZN4core", "_ZN3std",	     "_ZN9hashbrown",  "_Znw",
		"_Zna"};
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (begins(name, prefixes[i]))
			return true;
	/* Rust's impls, and its newer mangling */
	return (begins(name, "_ZN") && strstr(name, "$LT$alloc..")) ||
	       (begins(name, "_R") &&
		(strstr(name, "5alloc") || strstr(name, "4core") ||
		 strstr(name, "3std") || strstr(name, "9hashbrown")));
}

/* The function as its class or namespace declares it. */
static Dwarf_Die origin_of(Dwarf_Die *function)
{
	Dwarf_Die entry = *function;
	Dwarf_Attribute attribute;
	int i;

	for (i = 0; i < ORIGINS_MAX; i++)
		if ((!dwarf_attr(&entry, DW_AT_abstract_origin, &attribute) &&
		     !dwarf_attr(&entry, DW_AT_specification, &attribute)) ||
		    !dwarf_formref_die(&attribute, &entry))
			break;
	return entry;
}

/* The class of a member function, or NULL. */
static const struct type *class_of(struct report *report,
				   struct symbols *symbols, Dwarf_Die *function)
{
	Dwarf_Die entry = origin_of(function), scopes[SCOPES_MAX];
	size_t n = scopes_of(symbols, &entry, scopes);
	const struct type *type;

	type = n ? type_of_die(report, symbols, &scopes[n - 1]) : NULL;
	return type && type->kind == TYPE_RECORD ? type : NULL;
}

/* The first type argument of the function's own template. */
static const struct type *own_argument(struct report *report,
				       struct symbols *symbols,
				       Dwarf_Die *function)
{
	Dwarf_Die entry = *function, child;
	Dwarf_Attribute attribute;
	int i;

	for (i = 0; i < ORIGINS_MAX; i++) {
		if (!dwarf_child(&entry, &child))
			do {
				if (dwarf_tag(&child) ==
				    DW_TAG_template_type_parameter)
					return type_of_owner(report, symbols,
							     &child);
			} while (!dwarf_siblingof(&child, &child));
		if ((!dwarf_attr(&entry, DW_AT_abstract_origin, &attribute) &&
		     !dwarf_attr(&entry, DW_AT_specification, &attribute)) ||
		    !dwarf_formref_die(&attribute, &entry))
			break;
	}
	return NULL;
}

/* What an allocator is for. gcc notes no argument of std::allocator, but of its
 * base. */
static const struct type *class_first(const struct type *type)
{
	const struct type *argument = type_argument(type, 0);

	if (argument || !type->fields_n || !type->fields[0].is_base ||
	    !type->full || !begins(type->full, "std::allocator<"))
		return argument;
	type = type->fields[0].type;
	return type && type->kind == TYPE_RECORD ? type_argument(type, 0)
						 : NULL;
}

/* The first argument of the class of a member function, or of the class to
 * which its first parameter refers. */
static const struct type *class_argument(struct report *report,
					 struct symbols *symbols,
					 Dwarf_Die *function)
{
	const struct type *type;
	Dwarf_Die origin = origin_of(function), child;

	if (dwarf_child(&origin, &child))
		return NULL;
	do {
		if (dwarf_tag(&child) != DW_TAG_formal_parameter)
			continue;
		type = type_of_owner(report, symbols, &child);
		if (type && type->kind == TYPE_POINTER)
			type = type_target(type);
		return type && type->kind == TYPE_RECORD ? class_first(type)
							 : NULL;
	} while (!dwarf_siblingof(&child, &child));
	return NULL;
}

static bool is_named(const char *name, const char *wanted)
{
	size_t n = strlen(wanted);

	return !strncmp(name, wanted, n) && (!name[n] || name[n] == '<');
}

/* A function of std::any or std::function that makes what they hold. */
static bool is_maker(const char *name)
{
	return is_named(name, "_S_create") || is_named(name, "_M_create") ||
	       is_named(name, "__create");
}

/* What the class of such a function holds: "std::any::_Manager_external<T>". */
static const struct type *held_argument(struct report *report,
					struct symbols *symbols,
					Dwarf_Die *function)
{
	const char *mangled = text_of(function, DW_AT_linkage_name);
	const struct type *type;

	if (!mangled || !is_library(mangled))
		return NULL;
	type = class_of(report, symbols, function);
	if (!type || !type->name ||
	    (!strstr(type->name, "_Manager_external<") &&
	     !strstr(type->name, "_Base_manager<") &&
	     !strstr(type->name, "_LargeHandler<")))
		return NULL;
	return type_argument(type, 0);
}

static bool is_rust(Dwarf_Die *unit)
{
	return dwarf_srclang(unit) == DW_LANG_Rust;
}

static bool is_buffer(const char *mangled)
{
	return strstr(mangled, "7raw_vec") || strstr(mangled, "raw_vec..");
}

/* Vec, or VecDeque: they have a buffer of the T that is theirs. */
static bool has_buffer(const char *mangled)
{
	return strstr(mangled, "5alloc3vec") || strstr(mangled, "vec..Vec") ||
	       strstr(mangled, "vec_deque");
}

/* rustc makes one function of several that do the same for types of one size.
 * Where a buffer's function was called by one of the vector that has it, which
 * became part of the program's own code, that one has the right type. */
static void owner_look(const char *mangled, struct template_way *way,
		       struct argument_found *found)
{
	found->is_owner =
		way->in_buffer && !is_buffer(mangled) && has_buffer(mangled);
	found->many |= found->is_owner;
	way->in_buffer = is_buffer(mangled);
}

/* gcc, too, makes one function of several. Of those that call each other the
 * outermost has the right type: it was called for it. */
static bool is_allocate(const char *name, const char *mangled)
{
	return is_named(name, "allocate") ||
	       (is_named(name, "_M_allocate") && mangled &&
		begins(mangled, "_ZNSt12_Vector_base"));
}

static void function_look(struct report *report, struct symbols *symbols,
			  Dwarf_Die *function, bool rust,
			  struct template_way *way,
			  struct argument_found *found)
{
	const char *name = text_of(function, DW_AT_name);
	const char *mangled = text_of(function, DW_AT_linkage_name);
	const struct type *type;

	found->type = NULL;
	found->many = found->is_owner = false;
	if (!name)
		return;
	if (rust) {
		if (!mangled || !is_library(mangled))
			return;
		found->type = own_argument(report, symbols, function);
		found->many = is_buffer(mangled);
		owner_look(mangled, way, found);
	} else if (is_allocate(name, mangled)) {
		found->type = class_argument(report, symbols, function);
		found->many = true;
		found->is_owner = mangled && is_library(mangled);
	} else if (is_named(name, "operator new")) {
		found->type = class_of(report, symbols, function);
	} else if (is_named(name, "make_unique") ||
		   is_named(name, "make_unique_for_overwrite")) {
		type = own_argument(report, symbols, function);
		found->many = type && type->kind == TYPE_ARRAY;
		found->type = found->many ? type_target(type) : type;
	} else if (is_maker(name)) {
		found->type = held_argument(report, symbols, function);
	}
	if (found->type && !found->type->size)
		found->type = NULL;
}

static bool is_library_function(Dwarf_Die *function)
{
	const char *name = text_of(function, DW_AT_linkage_name);

	return name && is_library(name);
}

size_t template_arguments(struct report *report, const struct frame *frame,
			  struct template_way *way,
			  struct argument_found found[ARGUMENTS_FOUND_MAX])
{
	struct symbols *symbols = symbols_of(report, frame->module);
	Dwarf_Die unit, function, chain[SCOPES_MAX];
	size_t n = 0, scopes;
	const char *name;
	Dwarf_Addr bias;

	way->goes_on = false;
	if (!symbols->module)
		return 0;
	if (!unit_at(symbols, frame->address, &unit, &bias) ||
	    !function_at(symbols, &unit, frame->address - bias, &function)) {
		name = entry_name(symbols, frame->address, false);
		way->goes_on = name && is_library(name);
		return 0;
	}
	scopes = scopes_at(&function, frame->address - bias, chain);
	while (scopes-- && n < ARGUMENTS_FOUND_MAX) {
		function_look(report, symbols, &chain[scopes], is_rust(&unit),
			      way, &found[n]);
		if (found[n].type)
			n++;
		way->goes_on = is_library_function(&chain[scopes]);
		if (!way->goes_on)
			break;
	}
	return n;
}
