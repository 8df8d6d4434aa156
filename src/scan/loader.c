/*
 * See loader.h. The loader lists where the modules are that were opened, twice:
 * one list is read while the other is changed (_dlfo_loaded_mappings). A list
 * has room for modules to come. Nobody clears it: what was in that memory
 * before is still there.
 *
 * A list is known by a variable of the loader's that leads to it, by its own
 * word that leads to its block, and by its modules.
 */
#include <stdbool.h>
#include <stdint.h>
#include "process/symbols.h"
#include "scan/blocks.h"
#include "scan/fault.h"
#include "scan/loader.h"
#include "scan/unowned.h"
#include "scan/variables.h"

/* struct dlfo_mappings_segment */
struct segment {
	uint64_t previous, block, n, room;
};
/* struct dl_find_object_internal; the last word is of versions that know
 * another form of unwinding, too. */
struct range_of_module {
	uint64_t low, high, module, frames;
};
#define STEP sizeof(struct range_of_module)
#define STEP_MOST (STEP + 8)
#define MODULES 65536u
#define SEGMENTS 32u

static int failed;

static bool are_modules(uintptr_t at, uint64_t n, uint64_t step)
{
	struct range_of_module r;
	uint64_t low = 0, i;

	for (i = 0; i < n; i++) {
		fault_copy(&r, at + i * step, sizeof r);
		if (r.low < low || r.high <= r.low || !blocks_begins(r.module))
			return false;
		low = r.high;
	}
	return true;
}

/* Whether a list is there. *end: where the list of its modules ends. */
static bool segment_read(uintptr_t at, struct segment *segment, uintptr_t *end)
{
	uintptr_t modules = at + sizeof *segment;
	uint64_t step, bytes;

	if (at % 8 || blocks_find(at) == BLOCK_NONE)
		return false;
	fault_copy(segment, at, sizeof *segment);
	if (blocks_find(at) != segment->block || !segment->n ||
	    segment->n > segment->room || segment->room > MODULES)
		return false;
	*end = segment->block + blocks_size(segment->block);
	bytes = modules < *end ? *end - modules : 0;
	for (step = STEP; step <= STEP_MOST; step += 8) {
		*end = modules + segment->n * step;
		if (segment->room * step <= bytes &&
		    are_modules(modules, segment->n, step))
			return true;
	}
	return false;
}

static void forget(uintptr_t low, uintptr_t high)
{
	int err = unowned_add(UNOWNED_WEAK, low, high);

	failed = err ? err : failed;
}

static void look_at(uintptr_t place)
{
	struct segment segment;
	uintptr_t at, end;
	uint32_t i;

	fault_copy(&at, place, sizeof at);
	for (i = 0; i < SEGMENTS && segment_read(at, &segment, &end); i++) {
		forget(segment.block, at);
		forget(end, segment.block + blocks_size(segment.block));
		at = segment.previous;
	}
}

int loader_forget(void)
{
	struct symbols_owner owner;

	failed = 0;
	if (symbols_owner(&owner, "__tls_get_addr"))
		variables_each(&owner, look_at);
	return failed;
}
