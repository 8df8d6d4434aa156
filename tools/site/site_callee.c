/*
 * See site_callee.h.
 */
#include <dwarf.h>
#include <string.h>

#include "symbols/code.h"
#include "symbols/functions.h"
#include "symbols/symbols.h"
#include "symbols/symtab.h"
#include "debug/attribute.h"
#include "site/site_callee.h"
#include "site/site_function.h"
#include "site/site_machine.h"
#include "site/site_scene.h"
#include "site/site_walk.h"

const unsigned char argument_registers[6] = {RDI, RSI, RDX, RCX, R8, R9};

static const char *function_name(Dwarf_Die *function)
{
	Dwarf_Attribute attribute;

	if (dwarf_attr_integrate(function, DW_AT_linkage_name, &attribute) ||
	    dwarf_attr_integrate(function, DW_AT_name, &attribute))
		return dwarf_formstring(&attribute);
	return NULL;
}

void callee_in(struct walk *walk, uint64_t word, struct callee *callee)
{
	const struct fixup *fixup = fixup_at(walk->symbols, word);

	if (!fixup)
		return;
	if (fixup->target)
		callee_at(walk, fixup->target, callee);
	if (!callee->name)
		callee->name = fixup->name;
}

void callee_at(struct walk *walk, uint64_t target, struct callee *callee)
{
	Dwarf_Die unit, function;
	Dwarf_Addr bias, start;
	const struct fixup *fixup;

	callee->address = target;
	if (unit_at(walk->symbols, target, &unit, &bias) &&
	    function_at(walk->symbols, &unit, target - bias, &function) &&
	    !dwarf_entrypc(&function, &start) && start == target - bias) {
		callee->entry = function;
		callee->name = function_name(&function);
	} else {
		fixup = stub_fixup(walk->symbols, target);
		callee->name = fixup ? fixup->name : NULL;
	}
	if (!callee->name)
		callee->name = entry_name(walk->symbols, target, false);
}

/* The four bytes at the end of the instruction. */
static bool call_distance(struct walk *walk, uint64_t address,
			  int32_t *distance, bool *in_memory)
{
	size_t n;
	const unsigned char *code = code_at(walk->symbols, address - 5, &n);

	if (!code || n < 6)
		return false;
	memcpy(distance, code + 2, sizeof(*distance));
	*in_memory = code[0] == 0xff && code[1] == 0x15;
	return *in_memory || code[1] == 0xe8;
}

void callee_called(struct walk *walk, uint64_t address, struct callee *callee)
{
	uint64_t target;
	int32_t distance;
	bool in_memory;

	callee->name = NULL;
	callee->entry.addr = NULL;
	callee->address = 0;
	if (!call_distance(walk, address, &distance, &in_memory))
		return;
	target = address + 1 + (uint64_t)(int64_t)distance;
	if (in_memory)
		callee_in(walk, target, callee);
	else
		callee_at(walk, target, callee);
}

void callee_told(struct walk *walk, uint64_t back, struct callee *callee)
{
	const struct call *call = scene_call(walk->scene, back);

	if (!call || callee->entry.addr)
		return;
	callee->entry = call->function;
	if (!callee->name)
		callee->name = function_name(&callee->entry);
}

static bool type_entry(Dwarf_Die *owner, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;
	Dwarf_Die named;

	return dwarf_attr_integrate(owner, DW_AT_type, &attribute) &&
	       dwarf_formref_die(&attribute, type) &&
	       entry_behind(type, &named);
}

/* How many integer registers a value takes; -1: that is not simple. */
static int registers_taken(Dwarf_Die *parameter)
{
	uint64_t number;
	Dwarf_Die type;

	if (!type_entry(parameter, &type))
		return -1;
	switch (dwarf_tag(&type)) {
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
	case DW_TAG_enumeration_type:
	case DW_TAG_unspecified_type:
		return 1;
	case DW_TAG_base_type:
		if (!entry_number(&type, DW_AT_byte_size, &number) ||
		    number > 8 || !entry_number(&type, DW_AT_encoding, &number))
			return -1;
		return number == DW_ATE_float ? 0 : 1;
	default:
		return -1;
	}
}

/* Whether the result goes where a hidden first argument says. */
static bool has_hidden(Dwarf_Die *function)
{
	uint64_t number;
	Dwarf_Die type;

	if (!type_entry(function, &type))
		return false;
	switch (dwarf_tag(&type)) {
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
		break;
	default:
		return false;
	}
	if (entry_number(&type, DW_AT_calling_convention, &number))
		return number == DW_CC_pass_by_reference;
	return !entry_number(&type, DW_AT_byte_size, &number) || number > 16;
}

#define PARAMETERS_MAX 32

struct parameters {
	Dwarf_Die entry; /* of the last one that was read */
	unsigned nth;	 /* it is, from 1 */
	int reg;	 /* where it is, or -1 */
	int used;	 /* registers of those before and of it */
	bool begun;
};

static bool parameter_next(Dwarf_Die *function, struct parameters *all)
{
	int taken;

	do {
		if (all->begun ? dwarf_siblingof(&all->entry, &all->entry)
			       : dwarf_child(function, &all->entry))
			return false;
		all->begun = true;
	} while (dwarf_tag(&all->entry) != DW_TAG_formal_parameter);
	taken = registers_taken(&all->entry);
	if (taken < 0 || ++all->nth > PARAMETERS_MAX)
		return false;
	all->reg = taken ? all->used : -1;
	all->used += taken;
	return all->used <= 6;
}

static struct parameters parameters_of(Dwarf_Die *function)
{
	return (struct parameters){.used = has_hidden(function)};
}

unsigned parameter_in(Dwarf_Die *function, unsigned nth, Dwarf_Die *entry)
{
	struct parameters all = parameters_of(function);

	while (parameter_next(function, &all))
		if (all.reg == (int)nth) {
			*entry = all.entry;
			return all.nth;
		}
	return 0;
}

bool parameter_register(Dwarf_Die *function, unsigned nth, unsigned *reg)
{
	struct parameters all = parameters_of(function);

	while (parameter_next(function, &all))
		if (all.nth == nth && all.reg >= 0) {
			*reg = argument_registers[all.reg];
			return true;
		}
	return false;
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

bool callee_returns_first(const struct callee *callee)
{
	static const char *const names[] = {"memcpy",
					    "memmove",
					    "memset",
					    "strcpy",
					    "strncpy",
					    "strcat",
					    "strncat",
					    "wmemcpy",
					    "wmemset",
					    "wcscpy",
					    "__memcpy_chk",
					    "__memmove_chk",
					    "__memset_chk",
					    "__strcpy_chk",
					    "__strcat_chk",
					    "__strncpy_chk",
					    NULL};

	return callee->name && is_one_of(callee->name, names);
}

bool callee_returns_second(const struct callee *callee)
{
	return callee->name && (!strcmp(callee->name, "_ZnwmPv") ||
				!strcmp(callee->name, "_ZnamPv"));
}

bool callee_ends(const struct callee *callee)
{
	static const char *const names[] = {"abort",
					    "exit",
					    "_exit",
					    "_Exit",
					    "quick_exit",
					    "err",
					    "errx",
					    "longjmp",
					    "siglongjmp",
					    "__longjmp_chk",
					    "__assert_fail",
					    "__stack_chk_fail",
					    "__fortify_fail",
					    "__chk_fail",
					    "__cxa_throw",
					    "__cxa_rethrow",
					    "__cxa_throw_bad_array_new_length",
					    "_Unwind_Resume",
					    "_ZSt9terminatev",
					    "g_assertion_message_expr",
					    NULL};
	Dwarf_Die entry = callee->entry;
	Dwarf_Attribute attribute;

	if (entry.addr &&
	    dwarf_attr_integrate(&entry, DW_AT_noreturn, &attribute))
		return true;
	return callee->name && (is_one_of(callee->name, names) ||
				(!strncmp(callee->name, "_ZSt", 4) &&
				 strstr(callee->name, "__throw_")));
}

bool callee_frees(const struct callee *callee)
{
	static const char *const names[] = {"free",	    "cfree",  "realloc",
					    "reallocarray", "g_free", NULL};

	return callee->name && (is_one_of(callee->name, names) ||
				!strncmp(callee->name, "_ZdlPv", 6) ||
				!strncmp(callee->name, "_ZdaPv", 6));
}
