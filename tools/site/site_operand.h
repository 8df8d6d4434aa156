/*
 * Operands of instructions.
 */
#ifndef SITE_OPERAND_H
#define SITE_OPERAND_H

#include <Zydis/Zydis.h>
#include <stdbool.h>

#include "site/site_machine.h"

struct walk;

/* The address of what is in memory. */
struct value operand_address(struct walk *walk, const struct machine *machine,
			     const ZydisDecodedOperand *operand);
struct value operand_read(struct walk *walk, const struct machine *machine,
			  const ZydisDecodedOperand *operand);
void operand_write(struct walk *walk, struct machine *machine,
		   const ZydisDecodedOperand *operand, struct value value);
/* They are the same register. */
bool operands_equal(const ZydisDecodedOperand *a, const ZydisDecodedOperand *b);
/* Instructions that move two words at once. False: it is none of them. */
bool wide_do(struct walk *walk, struct machine *machine, ZydisMnemonic mnemonic,
	     const ZydisDecodedOperand *operands);

#endif
