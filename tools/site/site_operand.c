/*
 * See site_operand.h.
 */
#include "site/site_machine.h"
#include "site/site_memory.h"
#include "site/site_operand.h"
#include "site/site_walk.h"

#define MODE ZYDIS_MACHINE_MODE_LONG_64

/* The number of the 64-bit register that has it; -1: of another kind. */
static int number_of(ZydisRegister reg)
{
	ZydisRegister whole = ZydisRegisterGetLargestEnclosing(MODE, reg);

	return ZydisRegisterGetClass(whole) == ZYDIS_REGCLASS_GPR64
		       ? ZydisRegisterGetId(whole)
		       : -1;
}

static int wide_number(const ZydisDecodedOperand *operand)
{
	ZydisRegister reg = operand->reg.value;
	int number = -1;

	if (operand->type != ZYDIS_OPERAND_TYPE_REGISTER)
		return -1;
	switch (ZydisRegisterGetClass(reg)) {
	case ZYDIS_REGCLASS_XMM:
	case ZYDIS_REGCLASS_YMM:
	case ZYDIS_REGCLASS_ZMM:
		number = ZydisRegisterGetId(reg);
		break;
	default:
		break;
	}
	return number < REGISTERS ? number : -1;
}

static struct value part_read(struct walk *walk, const struct machine *machine,
			      ZydisRegister reg)
{
	int number = reg == ZYDIS_REGISTER_NONE ? -1 : number_of(reg);

	return number < 0 ? UNKNOWN
			  : register_read(walk, machine, (unsigned)number);
}

static struct value indexed(struct walk *walk, const struct machine *machine,
			    const ZydisDecodedOperand *operand)
{
	struct value index = part_read(walk, machine, operand->mem.index);

	if (operand->mem.scale > 1)
		index = value_times(index, operand->mem.scale);
	if (operand->mem.base == ZYDIS_REGISTER_NONE)
		return index;
	return value_add(part_read(walk, machine, operand->mem.base), index);
}

struct value operand_address(struct walk *walk, const struct machine *machine,
			     const ZydisDecodedOperand *operand)
{
	int64_t more = operand->mem.disp.value;

	if (operand->mem.segment == ZYDIS_REGISTER_FS ||
	    operand->mem.segment == ZYDIS_REGISTER_GS)
		return UNKNOWN;
	if (operand->mem.base == ZYDIS_REGISTER_RIP)
		return value_of(VALUE_ADDRESS,
				(int64_t)(walk->next + (uint64_t)more));
	if (operand->mem.index != ZYDIS_REGISTER_NONE)
		return value_move(indexed(walk, machine, operand), more);
	if (operand->mem.base == ZYDIS_REGISTER_NONE)
		return value_of(VALUE_NUMBER, more);
	return value_move(part_read(walk, machine, operand->mem.base), more);
}

struct value operand_read(struct walk *walk, const struct machine *machine,
			  const ZydisDecodedOperand *operand)
{
	struct value value;

	switch (operand->type) {
	case ZYDIS_OPERAND_TYPE_IMMEDIATE:
		return value_of(VALUE_NUMBER, operand->imm.value.s);
	case ZYDIS_OPERAND_TYPE_MEMORY:
		return operand->size == 64
			       ? memory_read(walk, machine,
					     operand_address(walk, machine,
							     operand))
			       : UNKNOWN;
	case ZYDIS_OPERAND_TYPE_REGISTER:
		value = part_read(walk, machine, operand->reg.value);
		if (operand->size == 32)
			return value_half(value);
		return operand->size == 64 ? value : UNKNOWN;
	default:
		return UNKNOWN;
	}
}

static void register_write(const struct walk *walk, struct machine *machine,
			   const ZydisDecodedOperand *operand,
			   struct value value)
{
	int number = number_of(operand->reg.value);
	int wide = wide_number(operand);

	if (wide >= 0)
		machine->wide[wide][0] = machine->wide[wide][1] = UNKNOWN;
	if (number < 0)
		return;
	if ((value.kind == VALUE_UNKNOWN || value.kind == VALUE_POINTER) &&
	    !value.origin)
		value.origin = walk->address;
	if (operand->size == 32)
		value = value_half(value);
	else if (operand->size != 64)
		value = UNKNOWN;
	machine->registers[number] = value;
}

void operand_write(struct walk *walk, struct machine *machine,
		   const ZydisDecodedOperand *operand, struct value value)
{
	struct value address;

	if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER) {
		register_write(walk, machine, operand, value);
	} else if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY) {
		address = operand_address(walk, machine, operand);
		if (operand->size == 64)
			memory_write(walk, machine, address, value);
		else if (address.kind == VALUE_STACK)
			slot_drop(machine, address.offset, operand->size / 8);
	}
}

bool operands_equal(const ZydisDecodedOperand *a, const ZydisDecodedOperand *b)
{
	return a->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       b->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       a->reg.value == b->reg.value;
}

/* One of the two words of an operand. */
static struct value word_read(struct walk *walk, const struct machine *machine,
			      const ZydisDecodedOperand *operand, unsigned word)
{
	int wide = wide_number(operand);

	if (wide >= 0)
		return machine->wide[wide][word];
	if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY)
		return memory_read(
			walk, machine,
			value_move(operand_address(walk, machine, operand),
				   8 * (int64_t)word));
	return word ? UNKNOWN : operand_read(walk, machine, operand);
}

static void words_write(struct walk *walk, struct machine *machine,
			const ZydisDecodedOperand *to, struct value low,
			struct value high)
{
	int wide = wide_number(to);
	struct value address;

	if (wide >= 0) {
		machine->wide[wide][0] = low;
		machine->wide[wide][1] = high;
	} else if (to->type == ZYDIS_OPERAND_TYPE_MEMORY) {
		address = operand_address(walk, machine, to);
		memory_write(walk, machine, address, low);
		if (to->size > 64)
			memory_write(walk, machine, value_move(address, 8),
				     high);
		if (to->size > 128 && address.kind == VALUE_STACK)
			slot_drop(machine, value_move(address, 16).offset,
				  to->size / 8 - 16);
	} else {
		operand_write(walk, machine, to, low);
	}
}

/* movhps: the upper word moves, to a register or from it. */
static void upper_move(struct walk *walk, struct machine *machine,
		       const ZydisDecodedOperand *to,
		       const ZydisDecodedOperand *from)
{
	int wide = wide_number(to);

	if (wide >= 0)
		machine->wide[wide][1] = word_read(walk, machine, from, 0);
	else
		operand_write(walk, machine, to,
			      word_read(walk, machine, from, 1));
}

bool wide_do(struct walk *walk, struct machine *machine, ZydisMnemonic mnemonic,
	     const ZydisDecodedOperand *operands)
{
	const ZydisDecodedOperand *to = &operands[0], *a = &operands[0],
				  *b = &operands[1];

	switch (mnemonic) {
	case ZYDIS_MNEMONIC_MOVQ:
	case ZYDIS_MNEMONIC_VMOVQ:
		words_write(walk, machine, to, word_read(walk, machine, b, 0),
			    value_of(VALUE_NUMBER, 0));
		break;
	case ZYDIS_MNEMONIC_MOVUPS:
	case ZYDIS_MNEMONIC_MOVAPS:
	case ZYDIS_MNEMONIC_MOVUPD:
	case ZYDIS_MNEMONIC_MOVAPD:
	case ZYDIS_MNEMONIC_MOVDQU:
	case ZYDIS_MNEMONIC_MOVDQA:
	case ZYDIS_MNEMONIC_VMOVUPS:
	case ZYDIS_MNEMONIC_VMOVAPS:
	case ZYDIS_MNEMONIC_VMOVDQU:
	case ZYDIS_MNEMONIC_VMOVDQA:
		words_write(walk, machine, to, word_read(walk, machine, b, 0),
			    word_read(walk, machine, b, 1));
		break;
	case ZYDIS_MNEMONIC_PUNPCKLQDQ:
		words_write(walk, machine, to, word_read(walk, machine, a, 0),
			    word_read(walk, machine, b, 0));
		break;
	case ZYDIS_MNEMONIC_VPUNPCKLQDQ:
	case ZYDIS_MNEMONIC_VPINSRQ:
		words_write(walk, machine, to, word_read(walk, machine, b, 0),
			    word_read(walk, machine, &operands[2], 0));
		break;
	case ZYDIS_MNEMONIC_PINSRQ: /* of the upper word, as compilers use it */
	case ZYDIS_MNEMONIC_MOVHPS:
	case ZYDIS_MNEMONIC_MOVHPD:
	case ZYDIS_MNEMONIC_MOVLHPS:
		upper_move(walk, machine, to, b);
		break;
	default:
		return false;
	}
	return true;
}
