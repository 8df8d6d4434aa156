/*
 * See site_spot.h. What is computed in other ways than these is not there for
 * this purpose.
 */
#include <dwarf.h>
#include <stdlib.h>

#include "common/die.h"
#include "site/site_function.h"
#include "site/site_machine.h"
#include "site/site_spot.h"

#define SPOTS_MAX (1u << 17) /* of one function: for damaged files */

/* The instructions' number of debug information's register; -1: of another
 * kind. */
static int register_number(uint64_t dwarf)
{
	static const signed char numbers[] = {RAX, RDX, RCX, RBX, RSI, RDI,
					      RBP, RSP, R8,  R9,  R10, R11,
					      12,  13,	14,  R15};

	return dwarf < sizeof(numbers) ? numbers[dwarf] : -1;
}

/* Of DW_OP_breg0 and the like. */
static bool base_register(const Dwarf_Op *op, unsigned *reg, int64_t *offset)
{
	int number = -1;

	if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg15) {
		number = register_number(op->atom - DW_OP_breg0);
		*offset = (int64_t)op->number;
	} else if (op->atom == DW_OP_bregx) {
		number = register_number(op->number);
		*offset = (int64_t)op->number2;
	}
	*reg = number < 0 ? 0 : (unsigned)number;
	return number >= 0;
}

static bool plain_register(const Dwarf_Op *op, unsigned *reg)
{
	int number = -1;

	if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg15)
		number = register_number(op->atom - DW_OP_reg0);
	else if (op->atom == DW_OP_regx)
		number = register_number(op->number);
	*reg = number < 0 ? 0 : (unsigned)number;
	return number >= 0;
}

void spot_base_find(Dwarf_Die *function, struct spot_base *base)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *ops;
	size_t n;

	base->is_known = false;
	if (!dwarf_attr_integrate(function, DW_AT_frame_base, &attribute) ||
	    dwarf_getlocation(&attribute, &ops, &n) || n != 1)
		return;
	base->offset = 0;
	base->kind = SPOT_NEAR;
	base->is_known = plain_register(&ops[0], &base->reg) ||
			 base_register(&ops[0], &base->reg, &base->offset);
	if (ops[0].atom == DW_OP_call_frame_cfa) {
		base->kind = SPOT_STACK;
		base->is_known = true;
	}
}

/* The spot that so many operations describe. */
static bool spot_read(const struct spot_base *base, const Dwarf_Op *ops,
		      size_t n, struct spot *spot)
{
	spot->offset = 0;
	if (n == 1 && plain_register(&ops[0], &spot->reg)) {
		spot->kind = SPOT_REGISTER;
		return true;
	}
	if (base_register(&ops[0], &spot->reg, &spot->offset)) {
		spot->kind = n == 1 ? SPOT_NEAR : SPOT_REGISTER;
		return n == 1 || (n == 2 && ops[1].atom == DW_OP_stack_value);
	}
	if (n != 1)
		return false;
	spot->offset = (int64_t)ops[0].number;
	switch (ops[0].atom) {
	case DW_OP_fbreg:
		spot->kind = base->kind;
		spot->reg = base->reg;
		spot->offset =
			(int64_t)(ops[0].number + (uint64_t)base->offset);
		return base->is_known;
	case DW_OP_addr:
		spot->kind = SPOT_ADDRESS;
		return true;
	case DW_OP_call_frame_cfa:
		spot->kind = SPOT_STACK;
		spot->offset = 0;
		return true;
	default:
		return false;
	}
}

static void spot_add(struct scene *scene, const struct spot *spot)
{
	if (scene->spots_n == SPOTS_MAX)
		return;
	if (scene->spots_n == scene->spots_room) {
		scene->spots_room =
			scene->spots_room ? 2 * scene->spots_room : 16;
		scene->spots = realloc(scene->spots,
				       scene->spots_room * sizeof(*spot));
		if (!scene->spots)
			die(STATUS_FAILED, "out of memory");
	}
	scene->spots[scene->spots_n++] = *spot;
}

/* One place, or the places of its pieces. */
static void expression_add(struct scene *scene, const struct spot_base *base,
			   const Dwarf_Op *ops, size_t n, struct spot *spot)
{
	size_t first = 0, i;

	spot->from = spot->size = 0;
	for (i = 0; i < n; i++) {
		if (ops[i].atom == DW_OP_bit_piece)
			return;
		if (ops[i].atom != DW_OP_piece)
			continue;
		spot->size = ops[i].number;
		if (i > first && spot_read(base, ops + first, i - first, spot))
			spot_add(scene, spot);
		spot->from += spot->size;
		first = i + 1;
	}
	if (!first && n && spot_read(base, ops, n, spot))
		spot_add(scene, spot);
}

/* As long as the scope runs. */
static void scope_spots_add(struct scene *scene, const struct spot_base *base,
			    Dwarf_Die *scope, const Dwarf_Op *ops, size_t n,
			    struct spot *spot)
{
	Dwarf_Addr first, start, end;
	ptrdiff_t at = 0;

	while ((at = dwarf_ranges(scope, at, &first, &start, &end)) > 0) {
		spot->start = start + scene->bias;
		spot->end = end + scene->bias;
		expression_add(scene, base, ops, n, spot);
	}
}

void spots_add(struct scene *scene, const struct spot_base *base,
	       Dwarf_Die *scope, struct variable *variable)
{
	struct spot spot = {.variable = variable};
	Dwarf_Attribute attribute;
	Dwarf_Addr first, start, end;
	ptrdiff_t at = 0;
	Dwarf_Op *ops;
	size_t n;

	if (!dwarf_attr(&variable->entry, DW_AT_location, &attribute))
		return;
	while ((at = dwarf_getlocations(&attribute, at, &first, &start, &end,
					&ops, &n)) > 0) {
		if (start == 0 && end == (Dwarf_Addr)-1) {
			scope_spots_add(scene, base, scope, ops, n, &spot);
			continue;
		}
		spot.start = start + scene->bias;
		spot.end = end + scene->bias;
		expression_add(scene, base, ops, n, &spot);
	}
}

static int by_start(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;

	return x->start == y->start ? 0 : x->start < y->start ? -1 : 1;
}

void spots_sort(struct scene *scene)
{
	if (scene->spots_n)
		qsort(scene->spots, scene->spots_n, sizeof(struct spot),
		      by_start);
}
