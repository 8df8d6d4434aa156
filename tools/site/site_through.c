/*
 * See site_through.h. One way through the function is followed, the one on
 * which no condition holds, and not into what it calls.
 */
#include <Zydis/Zydis.h>

#include "site/site_callee.h"
#include "site/site_frame.h"
#include "site/site_machine.h"
#include "site/site_scene.h"
#include "site/site_step.h"
#include "site/site_through.h"
#include "site/site_walk.h"

#define STEPS_MAX 40

static void enter(struct walk *walk, const struct machine *given,
		  struct machine *machine)
{
	size_t i;

	machine_clear(machine);
	frame_find(walk->symbols, walk->address, machine);
	for (i = 0; i < 6; i++) {
		unsigned reg = argument_registers[i];

		machine->registers[reg] = given->registers[reg];
	}
}

/* False: the way ends here. */
static bool go(struct walk *walk, struct machine *machine,
	       const struct step *step)
{
	uint64_t target;

	switch (step->instruction.meta.category) {
	case ZYDIS_CATEGORY_CALL:
		machine_clobber(machine);
		return true;
	case ZYDIS_CATEGORY_COND_BR:
		if (step_condition(machine, step->instruction.mnemonic) == 1) {
			if (!step_target(walk, step, &target))
				return false;
			walk->next = target;
		}
		return true;
	case ZYDIS_CATEGORY_RET:
	case ZYDIS_CATEGORY_UNCOND_BR:
	case ZYDIS_CATEGORY_INTERRUPT:
		return false;
	default:
		step_do(walk, machine, step);
		return true;
	}
}

static bool is_given(const struct machine *machine)
{
	size_t i;

	for (i = 0; i < 6; i++)
		if (value_is_block(&machine->registers[argument_registers[i]]))
			return true;
	return false;
}

bool through_find(struct walk *walk, const struct machine *machine,
		  uint64_t address, struct value *result)
{
	struct walk inner = {.report = walk->report, .symbols = walk->symbols};
	struct machine own;
	ZydisDecoder decoder;
	struct step step;
	unsigned i;

	if (!address || !is_given(machine))
		return false;
	inner.scene = scene_at(walk->report, walk->symbols, address);
	inner.address = address;
	enter(&inner, machine, &own);
	step_decoder(&decoder);
	for (i = 0; i < STEPS_MAX && step_decode(&inner, &decoder, &step);
	     i++) {
		if (!go(&inner, &own, &step))
			break;
		inner.address = inner.next;
	}
	*result = own.registers[RAX];
	return i < STEPS_MAX && value_is_block(result) &&
	       step.instruction.meta.category == ZYDIS_CATEGORY_RET;
}
