/*
 * See site_machine.h.
 */
#include <string.h>

#include "model/type.h"
#include "site/site_machine.h"

void machine_clear(struct machine *machine)
{
	size_t i;

	memset(machine, 0, sizeof(*machine));
	for (i = 0; i < REGISTERS; i++) {
		machine->registers[i] = UNKNOWN;
		machine->registers[i].origin = i + 1; /* no instruction's */
		machine->wide[i][0] = machine->wide[i][1] = UNKNOWN;
	}
}

void machine_clobber(struct machine *machine)
{
	static const unsigned char lost[] = {RAX, RCX, RDX, RSI, RDI,
					     R8,  R9,  R10, R11};
	size_t i;

	for (i = 0; i < sizeof(lost); i++)
		machine->registers[lost[i]] = UNKNOWN;
	for (i = 0; i < REGISTERS; i++)
		machine->wide[i][0] = machine->wide[i][1] = UNKNOWN;
	machine->flags = FLAGS_UNKNOWN;
	machine->held_n = 0;
}

const struct value *slot_find(const struct machine *machine, int64_t at)
{
	size_t i;

	for (i = 0; i < machine->slots_n; i++)
		if (machine->slots[i].at == at)
			return &machine->slots[i].value;
	return NULL;
}

void slot_drop(struct machine *machine, int64_t at, uint64_t size)
{
	size_t i = 0;

	while (i < machine->slots_n) {
		uint64_t behind = (uint64_t)machine->slots[i].at - (uint64_t)at;

		/* Slots have eight bytes. */
		if (behind < size || -behind < 8)
			machine->slots[i] = machine->slots[--machine->slots_n];
		else
			i++;
	}
}

void slot_set(struct machine *machine, int64_t at, struct value value)
{
	slot_drop(machine, at, 8);
	if (machine->slots_n == SLOTS_MAX) /* the oldest goes */
		machine->slots[0] = machine->slots[--machine->slots_n];
	machine->slots[machine->slots_n].at = at;
	machine->slots[machine->slots_n++].value = value;
}

bool value_is_same(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind || a->offset != b->offset ||
	    a->scale != b->scale || a->scale != 1)
		return false;
	switch (a->kind) {
	case VALUE_UNKNOWN:
	case VALUE_POINTER:
		return a->origin && a->origin == b->origin;
	case VALUE_SYMBOL:
		return a->name && b->name && !strcmp(a->name, b->name);
	default:
		return true;
	}
}

const struct held *held_find(const struct machine *machine,
			     const struct value *address)
{
	size_t i;

	for (i = 0; i < machine->held_n; i++)
		if (value_is_same(&machine->held[i].address, address))
			return &machine->held[i];
	return NULL;
}

void held_set(struct machine *machine, const struct value *address,
	      const struct value *value)
{
	struct held *old = (struct held *)held_find(machine, address);

	if (!value_is_block(value) || value->scale != 1) {
		if (old)
			*old = machine->held[--machine->held_n];
		return;
	}
	if (!old && machine->held_n < HELD_MAX)
		old = &machine->held[machine->held_n++];
	if (old)
		*old = (struct held){*address, value->offset};
}

static uint64_t common(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

struct value value_move(struct value value, int64_t by)
{
	value.offset = (int64_t)((uint64_t)value.offset + (uint64_t)by);
	return value;
}

/* An element of the array at which the pointer points is of its type as well.
 */
static bool is_index(const struct value *pointer, const struct value *index)
{
	const struct type *type = pointer->type;

	return type && type->size && !(index->scale % type->size);
}

static struct value pointer_add(struct value pointer, struct value index)
{
	if (!is_index(&pointer, &index)) {
		if (index.scale % 8)
			return UNKNOWN;
		pointer.scale = index.scale; /* an array inside of it */
	}
	pointer.argument = 0;
	pointer.origin = 0;
	return value_move(pointer, index.offset);
}

/* Into an array on the stack, or of a global variable. */
static struct value place_add(struct value place, struct value index)
{
	if (index.scale % 8)
		return UNKNOWN;
	place.scale = index.scale;
	return value_move(place, index.offset);
}

static bool is_place(const struct value *value)
{
	return value->kind == VALUE_STACK || value->kind == VALUE_ADDRESS ||
	       value->kind == VALUE_SYMBOL;
}

static struct value unknown_add(struct value a, struct value b)
{
	bool same = a.origin && a.origin == b.origin;

	a.scale = same ? a.scale + b.scale : common(a.scale, b.scale);
	if (!same)
		a.origin = 0;
	if (!a.scale || a.scale > UINT32_MAX) /* also a difference below 0 */
		a.scale = 1;
	a.argument = 0;
	return value_move(a, b.offset);
}

struct value value_add(struct value a, struct value b)
{
	if (a.kind == VALUE_NUMBER)
		return value_move(b, a.offset);
	if (b.kind == VALUE_NUMBER)
		return value_move(a, b.offset);
	if (a.kind == VALUE_POINTER && b.kind == VALUE_UNKNOWN)
		return pointer_add(a, b);
	if (b.kind == VALUE_POINTER && a.kind == VALUE_UNKNOWN)
		return pointer_add(b, a);
	if (is_place(&a) && b.kind == VALUE_UNKNOWN)
		return place_add(a, b);
	if (is_place(&b) && a.kind == VALUE_UNKNOWN)
		return place_add(b, a);
	if (a.kind != VALUE_UNKNOWN || b.kind != VALUE_UNKNOWN)
		return UNKNOWN;
	return unknown_add(a, b);
}

/* Compilers divide by multiplying with what makes 1 of the divisor, modulo
 * 2^64. */
struct value value_times(struct value value, uint64_t factor)
{
	if (value.kind != VALUE_UNKNOWN && value.kind != VALUE_NUMBER)
		return UNKNOWN;
	value.offset = (int64_t)((uint64_t)value.offset * factor);
	value.scale *= factor;
	if (!value.scale || value.scale > UINT32_MAX) {
		value.scale = 1;
		value.origin = 0;
	}
	value.argument = 0;
	return value;
}

struct value value_share(struct value value, int64_t shift)
{
	uint64_t rest = shift > 0 && shift < 32 ? (1ull << shift) - 1 : 0;

	if (!rest || value.kind != VALUE_UNKNOWN || value.scale & rest ||
	    (uint64_t)value.offset & rest)
		return UNKNOWN;
	value.scale >>= shift;
	value.offset /= (int64_t)(rest + 1);
	value.argument = 0;
	return value;
}

struct value value_distance(const struct value *a, const struct value *b)
{
	struct value value = UNKNOWN;

	if (a->type != b->type || a->scale != 1 || b->scale != 1)
		return value;
	value.offset = value_move(*a, negative(b->offset)).offset;
	value.scale = a->type->size ? a->type->size : 1;
	return value;
}

struct value value_half(struct value value)
{
	if (value.kind == VALUE_NUMBER) {
		value.offset = (int64_t)(uint32_t)value.offset;
		return value;
	}
	return value.kind == VALUE_UNKNOWN ? value : UNKNOWN;
}
