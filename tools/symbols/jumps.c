/*
 * See jumps.h. What another module has is reached by a stub of the procedure
 * linkage table, or by a word that the loader fills.
 */
#include <Zydis/Zydis.h>
#include <string.h>

#include "symbols/code.h"
#include "symbols/functions.h"
#include "symbols/jumps.h"
#include "symbols/symbols.h"

#define CODE_MAX (1u << 16) /* bytes of one function */

struct step {
	ZydisDecodedInstruction instruction;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

/* What jumps through a word may be a function of the program. */
static bool is_function(struct symbols *symbols, uint64_t address)
{
	Dwarf_Die unit, function;
	Dwarf_Addr bias;

	return unit_at(symbols, address, &unit, &bias) &&
	       function_at(symbols, &unit, address - bias, &function);
}

/* False: it is no jump, or nobody knows where it leads. */
static bool jump_read(struct symbols *symbols, const struct step *step,
		      struct jump *jump)
{
	const struct fixup *fixup;
	ZyanU64 target;

	if (step->instruction.meta.category != ZYDIS_CATEGORY_UNCOND_BR ||
	    !ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&step->instruction,
						   &step->operands[0],
						   jump->address, &target)))
		return false;
	if (step->operands[0].type == ZYDIS_OPERAND_TYPE_MEMORY) {
		fixup = fixup_at(symbols, target);
	} else if (is_function(symbols, target)) {
		jump->target = target;
		return true;
	} else {
		fixup = stub_fixup(symbols, target);
	}
	jump->name = fixup ? fixup->name : NULL;
	return jump->name;
}

void jumps_each(struct symbols *symbols, uint64_t start, uint64_t end,
		jump_fn *visit, void *data)
{
	uint64_t at = start,
		 most = end - start > CODE_MAX ? CODE_MAX : end - start;
	ZydisDecoder decoder;
	struct step step;
	const unsigned char *code;
	size_t n;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64,
			 ZYDIS_STACK_WIDTH_64);
	for (; at - start < most; at += step.instruction.length) {
		struct jump jump = {.address = at};

		code = code_at(symbols, at, &n);
		if (!code || !ZYAN_SUCCESS(ZydisDecoderDecodeFull(
				     &decoder, code, n, &step.instruction,
				     step.operands)))
			return;
		if (jump_read(symbols, &step, &jump) &&
		    (jump.name || jump.target - start >= end - start))
			visit(&jump, data);
	}
}

uint64_t call_leads(struct symbols *symbols, uint64_t address)
{
	size_t n;
	const unsigned char *code = code_at(symbols, address - 4, &n);
	int32_t distance;

	if (!code || n < 5 || code[0] != 0xe8)
		return 0;
	memcpy(&distance, code + 1, sizeof(distance));
	return address + 1 + (uint64_t)(int64_t)distance;
}
