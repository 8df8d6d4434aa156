/*
 * See tails.h. A frame's call site names the function that it calls. When that
 * is not the function of the next inner frame, it has jumped there, maybe
 * through others: its own calls that are jumps are followed until they lead to
 * that function. The innermost frame's call must have led to a function of
 * another module, the allocator. clang does not describe jumps to malloc() and
 * its like: the function's code shows them. Where there is no code, a function
 * without any described jump made one of these.
 */
#include <dwarf.h>
#include <string.h>

#include "model/functions.h"
#include "model/memory.h"
#include "model/model.h"
#include "symbols/scope.h"
#include "symbols/dwarf.h"
#include "symbols/calls.h"
#include "symbols/functions.h"
#include "symbols/jumps.h"
#include "symbols/mains.h"
#include "symbols/place.h"
#include "symbols/symbols.h"
#include "symbols/symtab.h"
#include "symbols/tails.h"

#define JUMPS_MAX 8   /* in a row */
#define CALLS_MAX 256 /* looked at for one frame */
#define RANGES_MAX 16 /* of a function's code: a limit for damaged files */

/* Where the search goes: from a function on. */
struct search {
	struct report *report;
	struct module *module;
	struct symbols *symbols; /* the module's */
	Dwarf_Addr bias;
	const struct frame *inner; /* whose function is looked for; NULL: one
				      that is not in the module */
	uint64_t pcs[JUMPS_MAX], found[JUMPS_MAX];    /* jumps */
	Dwarf_Off in[JUMPS_MAX], found_in[JUMPS_MAX]; /* their functions */
	size_t depth, found_n;
	unsigned looked, jumps;
	bool is_described; /* the function that is looked at */
	bool is_found, is_ambiguous;
};

/* The function with code that target declares or describes; false: the module
 * has none. */
static bool definition(struct search *search, Dwarf_Die *target,
		       Dwarf_Die *function)
{
	const char *name = function_symbol(target);
	uint64_t address;
	Dwarf_Addr bias;
	Dwarf_Die cu;

	if (dwarf_hasattr(target, DW_AT_low_pc) ||
	    dwarf_hasattr(target, DW_AT_ranges)) {
		*function = *target;
		return true;
	}
	if (dwarf_diecu(target, &cu, NULL, NULL) &&
	    function_copy(search->symbols, &cu, target, function))
		return true;
	if (!name)
		name = die_name(target); /* C */
	return name && entry_address(search->symbols, name, &address) &&
	       unit_at(search->symbols, address, &cu, &bias) &&
	       function_at(search->symbols, &cu, address - bias, function);
}

/* Whether the inner frame is in the function of that name, as it is in symbol
 * tables; that may have several. */
static bool is_inner_named(const struct search *search, const char *name)
{
	const struct frame *inner = search->inner;
	const struct place *place = inner->place;
	const char *function = place->symbols[place->n - 1].function;
	struct symbols *symbols = inner->module ? inner->module->symbols : NULL;
	const struct entry *entry;
	uint64_t address;

	if (function && !strcmp(function, name_demangle(search->report, name)))
		return true;
	if (!symbols || !symbols->module ||
	    !entry_address(symbols, name, &address))
		return false;
	entry = entry_at(symbols, address, false);
	return entry && entry == entry_at(symbols, inner->address, false);
}

static bool is_inner(const struct search *search, Dwarf_Die *target,
		     Dwarf_Die *function)
{
	const struct frame *inner = search->inner;
	const char *name;

	if (function && inner->module &&
	    inner->module->symbols == search->symbols)
		return dwarf_haspc(function, inner->address - search->bias) > 0;
	name = function_symbol(target);
	if (!name)
		name = die_name(target); /* C */
	return name && is_inner_named(search, name);
}

/* Two jumps of one function are one way. */
static bool same_way(const struct search *search)
{
	return search->found_n == search->depth &&
	       !memcmp(search->found_in, search->in,
		       search->depth * sizeof(*search->in));
}

static void found(struct search *search)
{
	if (search->is_found) {
		search->is_ambiguous |= !same_way(search);
		return;
	}
	search->is_found = true;
	search->found_n = search->depth;
	memcpy(search->found, search->pcs, sizeof(search->pcs));
	memcpy(search->found_in, search->in, sizeof(search->in));
}

/* Whether a jump goes to the inner frame's function, or to the allocator. */
static bool is_meant(const struct search *search, const char *name)
{
	if (search->inner)
		return is_inner_named(search, name);
	return function_is_allocator(name_demangle(search->report, name));
}

static void function_follow(struct search *search, Dwarf_Die *function);

static bool function_of(struct search *search, uint64_t address,
			Dwarf_Die *function)
{
	Dwarf_Addr bias;
	Dwarf_Die cu;

	return unit_at(search->symbols, address, &cu, &bias) &&
	       function_at(search->symbols, &cu, address - bias, function);
}

/* Looks where a jump goes that the code has. */
static void visit_jump(const struct jump *jump, void *data)
{
	struct search *search = data;
	Dwarf_Die function;

	if (++search->looked > CALLS_MAX) {
		search->is_ambiguous = true;
		return;
	}
	search->pcs[search->depth++] = jump->address - search->bias;
	if (jump->name) {
		if (is_meant(search, jump->name))
			found(search);
	} else if (!search->is_described &&
		   function_of(search, jump->target, &function)) {
		if (search->inner && is_inner(search, &function, &function))
			found(search);
		else
			function_follow(search, &function);
	}
	search->depth--;
}

static void code_follow(struct search *search, Dwarf_Die *function)
{
	bool is_outer_described = search->is_described;
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	size_t n;

	search->is_described = calls_are_told(function);
	for (n = 0; n < RANGES_MAX &&
		    (at = dwarf_ranges(function, at, &base, &start, &end)) > 0;
	     n++)
		jumps_each(search->symbols, start + search->bias,
			   end + search->bias, visit_jump, search);
	search->is_described = is_outer_described;
}

static void jumps_follow(struct search *search, Dwarf_Die *scope, int depth);

/* Follows the jumps of one more function. */
static void function_follow(struct search *search, Dwarf_Die *function)
{
	if (search->depth == JUMPS_MAX)
		return;
	search->in[search->depth] = dwarf_dieoffset(function);
	jumps_follow(search, function, 0);
	code_follow(search, function);
}

/* Looks where a jump goes, which the search has noted. */
static void jump_follow(struct search *search, Dwarf_Die *call)
{
	Dwarf_Die target, function;
	bool is_here;

	if (!call_target(call, &target))
		return;
	is_here = definition(search, &target, &function);
	if (search->inner
		    ? is_inner(search, &target, is_here ? &function : NULL)
		    : !is_here)
		found(search);
	else if (is_here)
		function_follow(search, &function);
}

static void jumps_follow(struct search *search, Dwarf_Die *scope, int depth)
{
	Dwarf_Die child;

	if (depth == SCOPES_MAX || dwarf_child(scope, &child))
		return;
	do {
		if (search->looked > CALLS_MAX) {
			search->is_ambiguous = true;
			return;
		}
		if (!call_is(&child)) {
			if (dwarf_tag(&child) == DW_TAG_lexical_block ||
			    dwarf_tag(&child) == DW_TAG_inlined_subroutine)
				jumps_follow(search, &child, depth + 1);
			continue;
		}
		search->looked++;
		if (!call_is_jump(&child) ||
		    !call_pc(&child, &search->pcs[search->depth]))
			continue;
		search->depth++;
		search->jumps++;
		jump_follow(search, &child);
		search->depth--;
	} while (!dwarf_siblingof(&child, &child));
}

/* False: the module has no debug information at the address. */
static bool search_begin(struct search *search, struct report *report,
			 struct module *module, uint64_t address,
			 const struct frame *inner, Dwarf_Die *cu)
{
	*search = (struct search){
		.report = report, .module = module, .inner = inner};
	search->symbols = module ? module->symbols : NULL;
	return search->symbols && search->symbols->module &&
	       unit_at(search->symbols, address, cu, &search->bias);
}

static size_t found_jumps(const struct search *search)
{
	return search->is_found && !search->is_ambiguous ? search->found_n : 0;
}

/* The function of the module that a frame has called; false: it is elsewhere,
 * or not known. */
static bool called_function(struct search *search, const struct frame *frame,
			    Dwarf_Die *cu, Dwarf_Die *function)
{
	uint64_t pc = frame->address - search->bias;
	Dwarf_Die caller, call, target;

	if (!function_at(search->symbols, cu, pc, &caller))
		return false;
	if (call_find(&caller, pc, &call))
		return call_target(&call, &target) &&
		       definition(search, &target, function);
	return function_of(search, call_leads(search->symbols, frame->address),
			   function);
}

/* Finds the jumps between a frame and the next inner one, or the allocator. */
static size_t jumps_find(struct report *report, const struct frame *frame,
			 const struct frame *inner, struct search *search)
{
	Dwarf_Die cu, function;

	if (!search_begin(search, report, frame->module, frame->address, inner,
			  &cu) ||
	    !called_function(search, frame, &cu, &function) ||
	    (inner && is_inner(search, &function, &function)))
		return 0;
	function_follow(search, &function);
	if (!inner && !search->jumps && !search->is_found &&
	    !dwarf_entrypc(&function, &search->pcs[0])) {
		search->depth = 1;
		found(search);
	}
	return found_jumps(search);
}

/* The same where frame number i has called a main function by a pointer. */
static size_t main_jumps_find(struct report *report, const struct stack *stack,
			      size_t i, struct search *search)
{
	const struct frame *inner = &stack->frames[i - 1];
	Dwarf_Die function, cu;
	bool is_rust;

	if (!main_is_called(stack, i, &is_rust) ||
	    !search_begin(search, report, inner->module, inner->address, inner,
			  &cu) ||
	    !main_find(search->symbols, is_rust, &function) ||
	    is_inner(search, &function, &function))
		return 0;
	function_follow(search, &function);
	return found_jumps(search);
}

/* Puts n frames before frame number i, the last jump innermost. */
static void frames_add(struct report *report, struct stack *stack, size_t i,
		       const struct search *search, size_t n)
{
	struct frame *frames =
		report_take(report, stack->n + n, sizeof(*frames));
	size_t k;

	memcpy(frames, stack->frames, i * sizeof(*frames));
	memcpy(frames + i + n, stack->frames + i,
	       (stack->n - i) * sizeof(*frames));
	for (k = 0; k < n; k++) {
		struct frame *frame = &frames[i + n - 1 - k];

		frame->module = search->module;
		frame->address = search->found[k] + search->bias;
		frame->place = place_new(report, 1);
		frame->is_jump = true;
	}
	stack->frames = frames;
	stack->n += n;
}

void tails_find(struct report *report, struct stack *stack)
{
	struct search search;
	size_t i, n;

	if (!stack->n || stack->has_tails)
		return;
	stack->has_tails = true;
	for (i = 0; i < stack->n; i++) {
		n = jumps_find(report, &stack->frames[i],
			       i ? &stack->frames[i - 1] : NULL, &search);
		if (!n && i)
			n = main_jumps_find(report, stack, i, &search);
		if (n)
			frames_add(report, stack, i, &search, n);
		i += n;
	}
}
