/*
 * Module and address → function, file and line; a virtual table → its class.
 * Every answer is kept, since reports repeat themselves.
 */
#include <string.h>

#include "common/progress.h"
#include "model/model.h"
#include "symbols/dwarf.h"
#include "symbols/modules.h"
#include "symbols/place.h"
#include "symbols/resolve.h"
#include "symbols/symbols.h"
#include "symbols/symtab.h"
#include "symbols/tails.h"

static struct place *place_find(struct report *report, struct symbols *symbols,
				uint64_t address)
{
	struct place *place = NULL;
	const char *name;

	if (symbols->module)
		place = dwarf_place(report, symbols, address);
	if (!place)
		place = place_new(report, 1);
	/* The outermost entry is in the symbol table as well. That also knows
	 * functions that the compiler described without a name. */
	if (!place->symbols[place->n - 1].function && symbols->module) {
		name = entry_name(symbols, address, false);
		if (name)
			place->symbols[place->n - 1].function =
				name_demangle(report, name);
	}
	return place;
}

static void frame_resolve(struct report *report, struct frame *frame)
{
	struct symbols *symbols;
	struct place *place;

	if (!frame->module)
		return;
	symbols = symbols_of(report, frame->module);
	HASH_FIND(hh, symbols->places, &frame->address, sizeof(frame->address),
		  place);
	if (!place) {
		place = place_find(report, symbols, frame->address);
		place->address = frame->address;
		HASH_ADD(hh, symbols->places, address, sizeof(place->address),
			 place);
		progress_tick();
	}
	frame->place = place;
}

/* The C++ class whose virtual table frame lies in, or NULL. */
static const char *frame_type(struct report *report, const struct frame *frame)
{
	static const char prefix[] = "vtable for ";
	struct symbols *symbols;
	const char *name, *plain;

	if (!frame->module)
		return NULL;
	symbols = symbols_of(report, frame->module);
	name = symbols->module ? entry_name(symbols, frame->address, true)
			       : NULL;
	if (!name || strncmp(name, "_ZTV", 4))
		return NULL;
	plain = name_demangle(report, name);
	return strncmp(plain, prefix, sizeof(prefix) - 1)
		       ? NULL
		       : plain + sizeof(prefix) - 1;
}

void frames_resolve(struct report *report, const struct stack *stack)
{
	size_t i;

	for (i = 0; i < stack->n; i++)
		if (!stack->frames[i].place->address)
			frame_resolve(report, &stack->frames[i]);
}

void stack_resolve(struct report *report, struct stack *stack)
{
	frames_resolve(report, stack);
	tails_find(report, stack);
	frames_resolve(report, stack);
}

void type_resolve(struct report *report, struct member *member)
{
	if (member->type || !member->has_vtable)
		return;
	member->type = frame_type(report, &member->vtable);
	if (member->type)
		member->type_from = TYPE_FROM_VTABLE;
}

void finding_resolve(struct report *report, const struct finding *finding)
{
	size_t i;

	for (i = 0; i < finding->members_n + finding->kept_n; i++) {
		type_resolve(report, &finding->members[i]);
		stack_resolve(report, finding->members[i].stack);
	}
	for (i = 0; i < finding->edges_n; i++)
		if (finding->edges[i].stack)
			stack_resolve(report, finding->edges[i].stack);
	for (i = 0; i < finding->acquires_n; i++)
		stack_resolve(report, finding->acquires[i].stack);
}

void warnings_resolve(struct report *report, size_t most)
{
	const struct text *warning = report->warnings;

	for (; warning && most; warning = warning->next, most--)
		if (warning->stack)
			stack_resolve(report, warning->stack);
}

void report_resolve(struct report *report)
{
	const struct finding *finding;

	progress_begin("looking up names", HASH_COUNT(report->findings),
		       "findings");
	for (finding = report->findings; finding; finding = finding->hh.next) {
		finding_resolve(report, finding);
		progress_step();
	}
	progress_end();
	warnings_resolve(report, SIZE_MAX);
}
