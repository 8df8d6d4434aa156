/*
 * See site_passage.h.
 */
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "symbols/symbols.h"
#include "debug/entry.h"
#include "site/site_call.h"
#include "site/site_callee.h"
#include "site/site_frame.h"
#include "site/site_machine.h"
#include "site/site_memory.h"
#include "site/site_passage.h"
#include "site/site_path.h"
#include "site/site_scene.h"
#include "site/site_store.h"
#include "site/site_walk.h"

static void returned_walk(struct walk *walk, uint64_t address)
{
	struct machine machine;

	if (path_before(walk, address, &machine))
		machine_clobber(&machine);
	else
		machine_clear(&machine);
	frame_find(walk->symbols, address, &machine);
	machine.registers[RAX] = value_of(VALUE_BLOCK, 0);
	walk->next = address + 1;
	path_follow(walk, &machine);
}

/* What was called has returned for this function. */
static void jumped_walk(struct walk *walk)
{
	struct machine machine;

	machine_clear(&machine);
	machine.registers[RAX] = value_of(VALUE_BLOCK, 0);
	walk_return(walk, &machine);
}

/* The block lies where an argument of the call led to. */
static void stored_walk(struct walk *walk, uint64_t address, unsigned reg)
{
	struct machine machine;
	struct value place;

	if (!path_before(walk, address, &machine))
		return;
	place = register_read(walk, &machine, reg);
	machine_clobber(&machine);
	walk->address = walk->next = address + 1;
	memory_write(walk, &machine, place, value_of(VALUE_BLOCK, 0));
	path_follow(walk, &machine);
}

static bool is_opaque(struct walk *walk)
{
	const struct type *type;

	if (!walk->scene->key)
		return true;
	type = type_of_owner(walk->report, walk->symbols,
			     &walk->scene->function);
	return !type || (type->kind == TYPE_POINTER && !type_target(type));
}

static void operator_look(struct walk *walk, struct passage *passage)
{
	struct callee callee;

	callee_called(walk, passage->key.address, &callee);
	passage->is_array = callee.name && !strncmp(callee.name, "_Zna", 4);
	passage->is_one = callee.name && !strncmp(callee.name, "_Znw", 4);
}

static void passage_make(struct report *report, struct symbols *symbols,
			 struct passage *passage)
{
	struct walk walk = {.report = report, .symbols = symbols};
	uint64_t address = passage->key.address;
	unsigned reg = (unsigned)passage->key.reg;

	walk.scene = scene_at(report, symbols, address);
	if (reg == REG_JUMP)
		jumped_walk(&walk);
	else if (reg == RAX)
		returned_walk(&walk, address);
	else
		stored_walk(&walk, address, reg);
	passage->n = walk.n;
	passage->candidates = walk.candidates;
	passage->has_returned = walk.has_returned;
	passage->returned = walk.returned;
	passage->is_opaque = is_opaque(&walk);
	operator_look(&walk, passage);
	passage->has_out = walk.out && walk.scene->key &&
			   parameter_register(&walk.scene->function, walk.out,
					      &passage->out);
}

struct passage *passage_at(struct report *report, struct symbols *symbols,
			   uint64_t address, unsigned reg)
{
	struct passage_key key = {.address = address, .reg = reg};
	struct sites *sites = sites_of(symbols);
	struct passage *passage;

	HASH_FIND(hh, sites->passages, &key, sizeof(key), passage);
	if (passage)
		return passage;
	passage = report_take(report, 1, sizeof(*passage));
	passage->key = key;
	HASH_ADD(hh, sites->passages, key, sizeof(key), passage);
	passage_make(report, symbols, passage);
	return passage;
}

const struct value *passage_sizes(struct report *report,
				  struct symbols *symbols,
				  struct passage *passage)
{
	struct walk walk = {.report = report, .symbols = symbols};
	uint64_t address = passage->key.address;
	struct machine machine;
	size_t i;

	if (passage->sizes_asked)
		return passage->sizes;
	passage->sizes_asked = true;
	walk.scene = scene_at(report, symbols, address);
	if (!path_before(&walk, address, &machine))
		machine_clear(&machine);
	for (i = 0; i < SIZES; i++)
		passage->sizes[i] = machine.registers[argument_registers[i]];
	return passage->sizes;
}
