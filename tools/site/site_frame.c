/*
 * See site_frame.h.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>

#include "symbols/symbols.h"
#include "site/site_frame.h"
#include "site/site_machine.h"

static void frame_set(struct machine *machine, const Dwarf_Op *op)
{
	int64_t back = negative((int64_t)op->number);

	if (op->atom == DW_OP_breg7)
		machine->registers[RSP] = value_of(VALUE_STACK, back);
	else if (op->atom == DW_OP_breg6)
		machine->registers[RBP] = value_of(VALUE_STACK, back);
	else if (op->atom == DW_OP_bregx && op->number == 7)
		machine->registers[RSP] =
			value_of(VALUE_STACK, negative((int64_t)op->number2));
	else if (op->atom == DW_OP_bregx && op->number == 6)
		machine->registers[RBP] =
			value_of(VALUE_STACK, negative((int64_t)op->number2));
}

void frame_find(struct symbols *symbols, uint64_t address,
		struct machine *machine)
{
	Dwarf_Addr bias = 0;
	Dwarf_CFI *rules = symbols->module
				   ? dwfl_module_eh_cfi(symbols->module, &bias)
				   : NULL;
	Dwarf_Frame *frame = NULL;
	Dwarf_Op *ops;
	size_t n;

	if (!rules || dwarf_cfi_addrframe(rules, address - bias, &frame))
		return;
	if (!dwarf_frame_cfa(frame, &ops, &n) && n == 1)
		frame_set(machine, &ops[0]);
	free(frame);
}
