/*
 * See site_step.h. Only instructions that move addresses are understood; what
 * another one writes is unknown after it.
 */
#include "symbols/code.h"
#include "site/site_callee.h"
#include "site/site_machine.h"
#include "site/site_memory.h"
#include "site/site_operand.h"
#include "site/site_step.h"
#include "site/site_walk.h"

#define MODE ZYDIS_MACHINE_MODE_LONG_64

void step_decoder(ZydisDecoder *decoder)
{
	ZydisDecoderInit(decoder, MODE, ZYDIS_STACK_WIDTH_64);
}

bool step_decode(struct walk *walk, const ZydisDecoder *decoder,
		 struct step *step)
{
	size_t n;
	const unsigned char *code = code_at(walk->symbols, walk->address, &n);

	if (!code ||
	    !ZYAN_SUCCESS(ZydisDecoderDecodeFull(
		    decoder, code, n, &step->instruction, step->operands)))
		return false;
	walk->next = walk->address + step->instruction.length;
	return true;
}

static void push(struct walk *walk, struct machine *machine, struct value value)
{
	machine->registers[RSP] = value_move(machine->registers[RSP], -8);
	memory_write(walk, machine, machine->registers[RSP], value);
}

static struct value pop(struct walk *walk, struct machine *machine)
{
	struct value value = UNKNOWN;

	if (machine->registers[RSP].kind == VALUE_STACK)
		value = memory_read(walk, machine, machine->registers[RSP]);
	machine->registers[RSP] = value_move(machine->registers[RSP], 8);
	return value;
}

static enum flags flags_of(const struct value *value)
{
	switch (value->kind) {
	case VALUE_BLOCK:
	case VALUE_STACK:
	case VALUE_ADDRESS:
		return FLAGS_NOT_ZERO;
	case VALUE_NUMBER:
		return value->offset ? FLAGS_NOT_ZERO : FLAGS_ZERO;
	default:
		return FLAGS_UNKNOWN;
	}
}

int step_condition(const struct machine *machine, ZydisMnemonic mnemonic)
{
	bool is_zero = machine->flags == FLAGS_ZERO;

	if (machine->flags == FLAGS_UNKNOWN)
		return -1;
	switch (mnemonic) {
	case ZYDIS_MNEMONIC_JZ:
	case ZYDIS_MNEMONIC_CMOVZ:
		return is_zero;
	case ZYDIS_MNEMONIC_JNZ:
	case ZYDIS_MNEMONIC_CMOVNZ:
		return !is_zero;
	default:
		return -1;
	}
}

static bool is_same(const struct value *a, const struct value *b)
{
	return a->kind == b->kind && a->kind != VALUE_UNKNOWN &&
	       a->offset == b->offset && a->type == b->type &&
	       a->name == b->name;
}

static void conditional_move(struct walk *walk, struct machine *machine,
			     const struct step *step)
{
	const ZydisDecodedOperand *to = &step->operands[0];
	int made = step_condition(machine, step->instruction.mnemonic);
	struct value old = operand_read(walk, machine, to);
	struct value new = operand_read(walk, machine, &step->operands[1]);

	if (made < 0 && !is_same(&old, &new))
		new = UNKNOWN;
	operand_write(walk, machine, to, made ? new : old);
}

static void test(struct walk *walk, struct machine *machine,
		 const struct step *step)
{
	const ZydisDecodedOperand *a = &step->operands[0],
				  *b = &step->operands[1];
	struct value value = operand_read(walk, machine, a);
	struct value other = operand_read(walk, machine, b);

	machine->flags = FLAGS_UNKNOWN;
	if (step->instruction.mnemonic == ZYDIS_MNEMONIC_TEST) {
		if (is_same(&value, &other))
			machine->flags = flags_of(&value);
	} else if (other.kind == VALUE_NUMBER && !other.offset) {
		machine->flags = flags_of(&value);
	}
}

static struct value difference(struct value a, struct value b)
{
	if (b.kind == VALUE_NUMBER)
		return value_move(a, negative(b.offset));
	if (a.kind == VALUE_POINTER && b.kind == VALUE_POINTER)
		return value_distance(&a, &b);
	if (a.kind != VALUE_UNKNOWN || b.kind != VALUE_UNKNOWN)
		return UNKNOWN;
	b.offset = negative(b.offset);
	if (a.origin && a.origin == b.origin)
		b.scale = -b.scale;
	return value_add(a, b);
}

static struct value product(struct walk *walk, const struct machine *machine,
			    const struct step *step)
{
	const ZydisDecodedOperand *operands = step->operands;
	unsigned n = step->instruction.operand_count_visible;
	struct value a, b;

	if (n < 2)
		return UNKNOWN;
	a = operand_read(walk, machine, &operands[n - 2]);
	b = operand_read(walk, machine, &operands[n - 1]);
	if (b.kind == VALUE_NUMBER)
		return value_times(a, (uint64_t)b.offset);
	return a.kind == VALUE_NUMBER ? value_times(b, (uint64_t)a.offset)
				      : UNKNOWN;
}

static struct value shifted(struct value a, struct value b)
{
	struct value product = UNKNOWN;

	if (b.kind == VALUE_NUMBER)
		return b.offset >= 0 && b.offset < 48
			       ? value_times(a, 1ull << b.offset)
			       : UNKNOWN;
	if (a.kind == VALUE_NUMBER && a.offset > 0) /* n << i */
		product.scale = (uint64_t)a.offset;
	return product;
}

/* What the result is of the two operands of most calculations. */
static struct value calculate(struct walk *walk, struct machine *machine,
			      const struct step *step)
{
	struct value a = operand_read(walk, machine, &step->operands[0]);
	struct value b = operand_read(walk, machine, &step->operands[1]);

	switch (step->instruction.mnemonic) {
	case ZYDIS_MNEMONIC_ADD:
		return value_add(a, b);
	case ZYDIS_MNEMONIC_SUB:
		return difference(a, b);
	case ZYDIS_MNEMONIC_SHL:
		return shifted(a, b);
	case ZYDIS_MNEMONIC_SAR:
	case ZYDIS_MNEMONIC_SHR:
		return b.kind == VALUE_NUMBER ? value_share(a, b.offset)
					      : UNKNOWN;
	case ZYDIS_MNEMONIC_XOR:
		return operands_equal(&step->operands[0], &step->operands[1])
			       ? value_of(VALUE_NUMBER, 0)
			       : UNKNOWN;
	case ZYDIS_MNEMONIC_IMUL:
		return product(walk, machine, step);
	default:
		return UNKNOWN;
	}
}

static void others_write(struct walk *walk, struct machine *machine,
			 const struct step *step)
{
	unsigned i;

	for (i = 0; i < step->instruction.operand_count; i++)
		if (step->operands[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			operand_write(walk, machine, &step->operands[i],
				      UNKNOWN);
	machine->flags = FLAGS_UNKNOWN;
}

static void exchange(struct walk *walk, struct machine *machine,
		     const struct step *step)
{
	struct value a = operand_read(walk, machine, &step->operands[0]);
	struct value b = operand_read(walk, machine, &step->operands[1]);

	operand_write(walk, machine, &step->operands[0], b);
	operand_write(walk, machine, &step->operands[1], a);
}

static void leave(struct walk *walk, struct machine *machine)
{
	machine->registers[RSP] = machine->registers[RBP];
	machine->registers[RBP] = pop(walk, machine);
}

void step_do(struct walk *walk, struct machine *machine,
	     const struct step *step)
{
	const ZydisDecodedOperand *to = &step->operands[0];
	const ZydisDecodedOperand *from = &step->operands[1];

	switch (step->instruction.mnemonic) {
	case ZYDIS_MNEMONIC_MOV:
	case ZYDIS_MNEMONIC_MOVSXD:
	case ZYDIS_MNEMONIC_MOVZX:
		operand_write(walk, machine, to,
			      operand_read(walk, machine, from));
		break;
	case ZYDIS_MNEMONIC_LEA:
		operand_write(walk, machine, to,
			      operand_address(walk, machine, from));
		break;
	case ZYDIS_MNEMONIC_ADD:
	case ZYDIS_MNEMONIC_SUB:
	case ZYDIS_MNEMONIC_SHL:
	case ZYDIS_MNEMONIC_SAR:
	case ZYDIS_MNEMONIC_SHR:
	case ZYDIS_MNEMONIC_XOR:
		operand_write(walk, machine, to,
			      calculate(walk, machine, step));
		machine->flags = FLAGS_UNKNOWN;
		break;
	case ZYDIS_MNEMONIC_IMUL:
		operand_write(walk, machine, to, product(walk, machine, step));
		machine->flags = FLAGS_UNKNOWN;
		break;
	case ZYDIS_MNEMONIC_PUSH:
		push(walk, machine, operand_read(walk, machine, to));
		break;
	case ZYDIS_MNEMONIC_POP:
		operand_write(walk, machine, to, pop(walk, machine));
		break;
	case ZYDIS_MNEMONIC_LEAVE:
		leave(walk, machine);
		break;
	case ZYDIS_MNEMONIC_TEST:
	case ZYDIS_MNEMONIC_CMP:
		test(walk, machine, step);
		break;
	case ZYDIS_MNEMONIC_XCHG:
		exchange(walk, machine, step);
		break;
	case ZYDIS_MNEMONIC_NOP:
	case ZYDIS_MNEMONIC_ENDBR64:
	case ZYDIS_MNEMONIC_CDQE: /* how much more does not matter */
		break;
	default:
		if (step->instruction.meta.category == ZYDIS_CATEGORY_CMOV)
			conditional_move(walk, machine, step);
		else if (!wide_do(walk, machine, step->instruction.mnemonic,
				  step->operands))
			others_write(walk, machine, step);
	}
}

bool step_target(const struct walk *walk, const struct step *step,
		 uint64_t *target)
{
	const ZydisDecodedOperand *to = &step->operands[0];

	if (to->type != ZYDIS_OPERAND_TYPE_IMMEDIATE || !to->imm.is_relative)
		return false;
	*target = walk->next + to->imm.value.u;
	return true;
}

void step_callee(struct walk *walk, const struct step *step,
		 struct callee *callee)
{
	const ZydisDecodedOperand *to = &step->operands[0];
	uint64_t target;

	callee->name = NULL;
	callee->entry.addr = NULL;
	callee->address = 0;
	if (step_target(walk, step, &target))
		callee_at(walk, target, callee);
	else if (to->type == ZYDIS_OPERAND_TYPE_MEMORY &&
		 to->mem.base == ZYDIS_REGISTER_RIP)
		callee_in(walk, walk->next + (uint64_t)to->mem.disp.value,
			  callee);
	callee_told(walk, walk->next, callee);
}
