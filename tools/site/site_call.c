/*
 * See site_call.h.
 */
#include "model/type.h"
#include "debug/entry.h"
#include "site/site_call.h"
#include "site/site_callee.h"
#include "site/site_machine.h"
#include "site/site_memory.h"
#include "site/site_pointee.h"
#include "site/site_scene.h"
#include "site/site_through.h"
#include "site/site_walk.h"

static void parameter_look(struct walk *walk, struct callee *callee,
			   unsigned nth, int64_t offset)
{
	struct candidate candidate = {.source = SOURCE_PARAMETER,
				      .offset = offset};
	const struct type *type;
	Dwarf_Die entry;

	if (!callee->entry.addr || !parameter_in(&callee->entry, nth, &entry))
		return;
	type = type_of_owner(walk->report, walk->symbols, &entry);
	candidate.type = pointee_at(type, 0, false);
	if (!nth && is_constructor(&callee->entry))
		candidate.source = SOURCE_CONSTRUCTOR;
	candidate_add(walk, &candidate);
}

static bool arguments_look(struct walk *walk, const struct machine *machine,
			   struct callee *callee)
{
	unsigned i;

	for (i = 0; i < 6; i++) {
		const struct value *value =
			&machine->registers[argument_registers[i]];

		if (!value_is_block(value))
			continue;
		if (!i && callee_frees(callee))
			return false;
		parameter_look(walk, callee, i, value->offset);
	}
	return true;
}

/* What is copied into the block is of its type. */
static void copy_look(struct walk *walk, const struct value *to,
		      const struct value *from)
{
	if (value_is_block(to) && from->kind == VALUE_POINTER && !from->offset)
		candidate_add(walk,
			      &(struct candidate){.type = from->type,
						  .source = SOURCE_PARAMETER,
						  .offset = to->offset});
}

static struct value result_of(struct walk *walk, struct callee *callee)
{
	struct value result = value_of(VALUE_POINTER, 0);
	const struct type *type;

	if (!callee->entry.addr)
		return UNKNOWN;
	type = type_of_owner(walk->report, walk->symbols, &callee->entry);
	result.type = pointee_at(type, 0, false);
	return result.type ? result : UNKNOWN;
}

bool call_make(struct walk *walk, struct machine *machine,
	       struct callee *callee)
{
	struct value first = register_read(walk, machine, RDI);
	struct value second = register_read(walk, machine, RSI);
	struct value result;

	if (callee_ends(callee) || !arguments_look(walk, machine, callee))
		return false;
	if (callee_returns_first(callee)) {
		copy_look(walk, &first, &second);
		result = first;
	} else if (callee_returns_second(callee)) {
		result = second;
	} else if (!through_find(walk, machine, callee->address, &result)) {
		result = result_of(walk, callee);
	}
	machine_clobber(machine);
	if (result.kind == VALUE_UNKNOWN)
		result.origin = walk->address;
	machine->registers[RAX] = result;
	return true;
}

/* What the function returns; NULL: nothing in that register, or it is not
 * known. */
static const struct type *returned_type(struct walk *walk)
{
	const struct type *type;

	if (!walk->scene->key)
		return NULL;
	type = type_of_owner(walk->report, walk->symbols,
			     &walk->scene->function);
	return type && (type->kind != TYPE_SCALAR || type->size == 8) ? type
								      : NULL;
}

void walk_return(struct walk *walk, const struct machine *machine)
{
	const struct value *value = &machine->registers[RAX];
	const struct type *type = returned_type(walk);

	if (!value_is_block(value) || (walk->has_returned && value->offset) ||
	    (walk->scene->key && !type))
		return;
	walk->has_returned = true;
	walk->returned = value->offset;
	if (!value->offset)
		candidate_add(walk, &(struct candidate){
					    .type = pointee_at(type, 0, false),
					    .source = SOURCE_RETURN});
}
