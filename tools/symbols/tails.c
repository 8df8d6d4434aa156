/*
 * See tails.h. A frame's call site names the function that it calls. When that
 * is not the function of the next inner frame, it has jumped there, maybe
 * through others: its own calls that are jumps are followed until they lead to
 * that function. The innermost frame's call must have led to a function of
 * another module, the allocator. clang does not describe jumps to malloc() and
 * its like: a function without any described jump made one of these.
 */
#include <dwarf.h>
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "symbols/scope.h"
#include "symbols/dwarf.h"
#include "symbols/functions.h"
#include "symbols/place.h"
#include "symbols/symbols.h"
#include "symbols/symtab.h"
#include "symbols/tails.h"

#define JUMPS_MAX 8   /* in a row */
#define CALLS_MAX 256 /* looked at for one frame */

/* Where the search goes: from a function on. */
struct search {
	struct report *report;
	struct symbols *symbols;
	Dwarf_Addr bias;
	const struct frame *inner; /* whose function is looked for; NULL: one
				      that is not in the module */
	uint64_t pcs[JUMPS_MAX], found[JUMPS_MAX];    /* jumps */
	Dwarf_Off in[JUMPS_MAX], found_in[JUMPS_MAX]; /* their functions */
	size_t depth, found_n;
	unsigned looked, jumps;
	bool is_found, is_ambiguous;
};

static bool is_call(Dwarf_Die *entry)
{
	return dwarf_tag(entry) == DW_TAG_call_site ||
	       dwarf_tag(entry) == DW_TAG_GNU_call_site;
}

static bool reference(Dwarf_Die *entry, unsigned name, Dwarf_Die *to)
{
	Dwarf_Attribute attribute;

	return dwarf_attr(entry, name, &attribute) &&
	       dwarf_formref_die(&attribute, to);
}

static bool call_target(Dwarf_Die *call, Dwarf_Die *target)
{
	return reference(call, DW_AT_call_origin, target) ||
	       reference(call, DW_AT_abstract_origin, target);
}

static bool call_is_jump(Dwarf_Die *call)
{
	return dwarf_hasattr(call, DW_AT_call_tail_call) ||
	       dwarf_hasattr(call, DW_AT_GNU_tail_call);
}

static bool number(Dwarf_Die *entry, unsigned name, uint64_t *value)
{
	Dwarf_Attribute attribute;

	return dwarf_attr(entry, name, &attribute) &&
	       !dwarf_formaddr(&attribute, value);
}

/* An address inside of the call. */
static bool call_pc(Dwarf_Die *call, uint64_t *pc)
{
	if (number(call, DW_AT_call_pc, pc))
		return true;
	if (!number(call, DW_AT_call_return_pc, pc) &&
	    !number(call, DW_AT_low_pc, pc))
		return false;
	--*pc;
	return true;
}

/* The call whose return address is pc + 1, in the scope or those inside. */
static bool call_find(Dwarf_Die *scope, uint64_t pc, Dwarf_Die *call, int depth)
{
	Dwarf_Die child;
	uint64_t at;

	if (depth == SCOPES_MAX || dwarf_child(scope, &child))
		return false;
	do {
		switch (dwarf_tag(&child)) {
		case DW_TAG_call_site:
		case DW_TAG_GNU_call_site:
			if ((number(&child, DW_AT_call_return_pc, &at) ||
			     number(&child, DW_AT_low_pc, &at)) &&
			    at == pc + 1) {
				*call = child;
				return true;
			}
			break;
		case DW_TAG_lexical_block:
		case DW_TAG_inlined_subroutine:
		case DW_TAG_try_block:
		case DW_TAG_catch_block:
			if (dwarf_haspc(&child, pc) > 0 &&
			    call_find(&child, pc, call, depth + 1))
				return true;
		}
	} while (!dwarf_siblingof(&child, &child));
	return false;
}

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

static bool is_inner(const struct search *search, Dwarf_Die *target,
		     Dwarf_Die *function)
{
	const struct frame *inner = search->inner;
	const struct place *place = inner->place;
	const char *name = place->symbols[place->n - 1].function;

	if (function && inner->module &&
	    inner->module->symbols == search->symbols)
		return dwarf_haspc(function, inner->address - search->bias) > 0;
	return name && !strcmp(name, function_name(search->report,
						   search->symbols, target));
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

static void jumps_follow(struct search *search, Dwarf_Die *scope, int depth);

/* Follows the jumps of one more function. */
static void function_follow(struct search *search, Dwarf_Die *function)
{
	if (search->depth == JUMPS_MAX)
		return;
	search->in[search->depth] = dwarf_dieoffset(function);
	jumps_follow(search, function, 0);
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
		if (!is_call(&child)) {
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

/* Finds the jumps between a frame and the next inner one, or the allocator. */
static size_t jumps_find(struct report *report, const struct frame *frame,
			 const struct frame *inner, struct search *search)
{
	struct symbols *symbols = frame->module ? frame->module->symbols : NULL;
	Dwarf_Die cu, function, call, target;

	*search = (struct search){
		.report = report, .symbols = symbols, .inner = inner};
	if (!symbols || !symbols->module ||
	    !unit_at(symbols, frame->address, &cu, &search->bias) ||
	    !function_at(symbols, &cu, frame->address - search->bias,
			 &function) ||
	    !call_find(&function, frame->address - search->bias, &call, 0) ||
	    !call_target(&call, &target) ||
	    !definition(search, &target, &function) ||
	    (inner && is_inner(search, &target, &function)))
		return 0;
	function_follow(search, &function);
	if (!inner && !search->jumps &&
	    !dwarf_entrypc(&function, &search->pcs[0])) {
		search->depth = 1;
		found(search);
	}
	return search->is_found && !search->is_ambiguous ? search->found_n : 0;
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

		*frame = stack->frames[i];
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
		if (n)
			frames_add(report, stack, i, &search, n);
		i += n;
	}
}
