/*
 * One instruction.
 */
#ifndef SITE_STEP_H
#define SITE_STEP_H

#include <Zydis/Zydis.h>
#include <stdbool.h>
#include <stdint.h>

struct callee;
struct machine;
struct walk;

struct step {
	ZydisDecodedInstruction instruction;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

void step_decoder(ZydisDecoder *decoder);
/* The instruction at walk->address; walk->next is behind it then. False: there
 * is none. */
bool step_decode(struct walk *walk, const ZydisDecoder *decoder,
		 struct step *step);
/* What it does to registers and memory. Calls and jumps are left to the
 * caller. */
void step_do(struct walk *walk, struct machine *machine,
	     const struct step *step);
/* Where a jump or call leads to. False: that is computed. */
bool step_target(const struct walk *walk, const struct step *step,
		 uint64_t *target);
/* The function that a call or jump leads to, as far as that is known. */
void step_callee(struct walk *walk, const struct step *step,
		 struct callee *callee);
/* Whether a conditional jump is made: 1, 0, or -1: that is not known. */
int step_condition(const struct machine *machine, ZydisMnemonic mnemonic);

#endif
