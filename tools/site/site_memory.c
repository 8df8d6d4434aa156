/*
 * See site_memory.h.
 */
#include "model/type.h"
#include "symbols/code.h"
#include "symbols/symbols.h"
#include "site/site_function.h"
#include "site/site_global.h"
#include "site/site_machine.h"
#include "site/site_memory.h"
#include "site/site_pointee.h"
#include "site/site_scene.h"
#include "site/site_walk.h"

static bool is_there(const struct walk *walk, const struct spot *spot)
{
	return spot->start <= walk->address && walk->address < spot->end;
}

static const struct type *spot_type(struct walk *walk, const struct spot *spot)
{
	return variable_type(walk->report, walk->symbols, spot->variable);
}

static struct value pointer_to(const struct type *type, int64_t offset)
{
	struct value value = value_of(VALUE_POINTER, offset);

	value.type = type;
	return type ? value : UNKNOWN;
}

/* What the variable says of the register in which, or near which, it is. */
static struct value spot_value(struct walk *walk, const struct spot *spot)
{
	const struct type *type = spot_type(walk, spot);
	int64_t back = negative(spot->offset);
	struct value value;

	if (spot->kind == SPOT_NEAR)
		return spot->from ? UNKNOWN : pointer_to(type, back);
	value = pointer_to(pointee_at(type, spot->from, false), back);
	if (!spot->from && value.kind == VALUE_POINTER)
		value.argument = spot->variable->argument;
	return value;
}

struct value register_read(struct walk *walk, const struct machine *machine,
			   unsigned reg)
{
	struct value value = machine->registers[reg], told;
	size_t i;

	if (value.kind != VALUE_UNKNOWN)
		return value;
	for (i = 0; i < walk->scene->spots_n; i++) {
		const struct spot *spot = &walk->scene->spots[i];

		if (spot->start > walk->address)
			break;
		if (!is_there(walk, spot) || spot->reg != reg ||
		    (spot->kind != SPOT_REGISTER && spot->kind != SPOT_NEAR))
			continue;
		told = spot_value(walk, spot);
		if (told.kind == VALUE_UNKNOWN)
			continue;
		told.origin =
			value.scale == 1 && !value.offset ? value.origin : 0;
		return told;
	}
	return value;
}

/* Where on the stack the spot is. False: it is not there. */
static bool spot_place(const struct machine *machine, const struct spot *spot,
		       int64_t *at)
{
	const struct value *base = &machine->registers[spot->reg];

	*at = spot->offset;
	if (spot->kind == SPOT_STACK)
		return true;
	if (spot->kind != SPOT_NEAR || base->kind != VALUE_STACK)
		return false;
	*at = value_move(*base, spot->offset).offset;
	return true;
}

static uint64_t spot_size(struct walk *walk, const struct spot *spot)
{
	const struct type *type = spot_type(walk, spot);
	uint64_t size = type ? type->size : 0;

	if (spot->size)
		return spot->size;
	return size > spot->from ? size - spot->from : 0;
}

/* The next spot, from *i on, of a variable that is there and has that place on
 * the stack; *inside: which part of it. NULL: there is no other. */
static const struct spot *stack_spot(struct walk *walk,
				     const struct machine *machine, int64_t at,
				     size_t *i, uint64_t *inside)
{
	for (; *i < walk->scene->spots_n; (*i)++) {
		const struct spot *spot = &walk->scene->spots[*i];
		int64_t start;

		if (spot->start > walk->next)
			break;
		if (walk->next < spot->start || walk->address >= spot->end ||
		    !spot_place(machine, spot, &start))
			continue;
		*inside = (uint64_t)at - (uint64_t)start;
		if (*inside >= spot_size(walk, spot))
			continue;
		*inside += spot->from;
		(*i)++;
		return spot;
	}
	return NULL;
}

/* Of what the stack has there from before: no instruction's address. */
static uint64_t slot_origin(int64_t at)
{
	return (uint64_t)at | 1ull << 63;
}

static struct value stack_read(struct walk *walk, const struct machine *machine,
			       struct value at)
{
	const struct value *slot = slot_find(machine, at.offset);
	const struct spot *spot;
	struct value value;
	uint64_t inside;
	size_t i = 0;

	if (slot && slot->kind != VALUE_UNKNOWN && at.scale == 1)
		return *slot;
	while ((spot = stack_spot(walk, machine, at.offset, &i, &inside))) {
		value = pointer_to(pointee_at(spot_type(walk, spot), inside,
					      at.scale != 1),
				   0);
		if (value.kind == VALUE_UNKNOWN)
			continue;
		value.argument = inside ? 0 : spot->variable->argument;
		value.origin = slot ? slot->origin : slot_origin(at.offset);
		return value;
	}
	return slot && at.scale == 1 ? *slot : UNKNOWN;
}

/* It is in an array of pointers, at a number that the code has. */
static bool is_later(const struct value *address)
{
	return address->type->kind == TYPE_POINTER && address->offset > 0;
}

/* What a pointer at the address, not on the stack, leads to. */
static struct pointees address_pointees(struct walk *walk,
					const struct value *address)
{
	const struct type *type = address->type;
	uint64_t inside = (uint64_t)address->offset;

	switch (address->kind) {
	case VALUE_POINTER:
		if (type->size && (address->scale != 1 || is_later(address)))
			inside %= type->size;
		break;
	case VALUE_NUMBER:
	case VALUE_ADDRESS:
	case VALUE_SYMBOL:
		type = global_type(walk, address, &inside);
		break;
	default:
		type = NULL;
	}
	return pointees_at(type, inside, address->scale != 1);
}

static const struct type *address_pointee(struct walk *walk,
					  const struct value *address)
{
	struct pointees found = address_pointees(walk, address);

	return found.n == 1 && !found.has_void ? found.types[0] : NULL;
}

struct value memory_read(struct walk *walk, const struct machine *machine,
			 struct value address)
{
	const struct held *held = held_find(machine, &address);
	const struct fixup *fixup = NULL;
	struct value value;

	if (held)
		return value_of(VALUE_BLOCK, held->offset);
	if (address.kind == VALUE_STACK)
		return stack_read(walk, machine, address);
	if (address.kind == VALUE_ADDRESS && address.scale == 1)
		fixup = fixup_at(walk->symbols, (uint64_t)address.offset);
	if (!fixup)
		return pointer_to(address_pointee(walk, &address), 0);
	if (fixup->target)
		return value_of(VALUE_ADDRESS, (int64_t)fixup->target);
	value = value_of(VALUE_SYMBOL, 0);
	value.name = fixup->name;
	return value;
}

static void candidates_add(struct walk *walk, const struct pointees *found,
			   enum source source, int64_t offset)
{
	struct candidate candidate = {.source = source, .offset = offset};
	size_t i;

	candidate.is_either = found->n > 1 || found->has_void;
	for (i = 0; i < found->n; i++) {
		candidate.type = found->types[i];
		candidate_add(walk, &candidate);
	}
}

static enum source source_of(const struct variable *variable)
{
	if (variable->is_constructed)
		return SOURCE_CONSTRUCTOR;
	return variable->is_inner ? SOURCE_PARAMETER : SOURCE_VARIABLE;
}

static void spot_candidates(struct walk *walk, const struct spot *spot,
			    uint64_t inside, bool in_array, int64_t offset)
{
	struct pointees found =
		pointees_at(spot_type(walk, spot), inside, in_array);

	candidates_add(walk, &found, source_of(spot->variable), offset);
}

static void stack_candidates(struct walk *walk, const struct machine *machine,
			     const struct value *at, int64_t offset)
{
	const struct spot *spot;
	uint64_t inside;
	size_t i = 0;

	while ((spot = stack_spot(walk, machine, at->offset, &i, &inside)))
		if (walk->next < spot->end) /* another variable's from now on */
			spot_candidates(walk, spot, inside, at->scale != 1,
					offset);
}

/* What is stored as a pointer to a type is one; other registers have it too. */
static void pointer_learn(struct machine *machine, const struct value *value,
			  const struct type *type)
{
	struct value told = pointer_to(type, 0);
	size_t i;

	if (told.kind == VALUE_UNKNOWN || !value->origin || value->scale != 1)
		return;
	for (i = 0; i < REGISTERS; i++) {
		struct value *other = &machine->registers[i];

		if (other->kind == VALUE_UNKNOWN && other->scale == 1 &&
		    other->origin == value->origin &&
		    other->offset == value->offset)
			*other = told;
	}
}

static void elsewhere_write(struct walk *walk, struct machine *machine,
			    const struct value *address,
			    const struct value *value)
{
	struct pointees found;

	if (value->kind == VALUE_UNKNOWN)
		pointer_learn(machine, value, address_pointee(walk, address));
	if (!value_is_block(value))
		return;
	found = address_pointees(walk, address);
	if (address->kind == VALUE_POINTER && address->argument &&
	    !address->offset && !value->offset && !walk->out)
		walk->out = address->argument;
	candidates_add(walk, &found, SOURCE_MEMBER, value->offset);
}

void memory_write(struct walk *walk, struct machine *machine,
		  struct value address, struct value value)
{
	if (address.kind != VALUE_STACK) {
		elsewhere_write(walk, machine, &address, &value);
		held_set(machine, &address, &value);
		return;
	}
	if (address.scale == 1)
		slot_set(machine, address.offset, value);
	if (value_is_block(&value))
		stack_candidates(walk, machine, &address, value.offset);
}

/* The value of a variable, where the machine knows it to be of the block. */
static bool is_of_block(const struct machine *machine, const struct spot *spot,
			int64_t *offset)
{
	const struct value *value = &machine->registers[spot->reg];
	int64_t at;

	if (spot->kind == SPOT_REGISTER) {
		*offset = value_move(*value, spot->offset).offset;
		return value_is_block(value);
	}
	if (!machine->slots_n || !spot_place(machine, spot, &at))
		return false;
	value = slot_find(machine, at);
	if (!value || !value_is_block(value))
		return false;
	*offset = value->offset;
	return true;
}

void variables_look(struct walk *walk, const struct machine *machine)
{
	int64_t offset;
	size_t i;

	for (i = 0; i < walk->scene->spots_n; i++) {
		const struct spot *spot = &walk->scene->spots[i];

		if (spot->start > walk->address)
			break;
		if (!is_there(walk, spot) ||
		    !is_of_block(machine, spot, &offset))
			continue;
		spot_candidates(walk, spot, spot->from, false, offset);
	}
}
