/* See growing.h. */
#include "base/arena.h"
#include "graph/graph.h"
#include "graph/growth.h"
#include "heap/heap_word.h"
#include "scan/ages.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/root.h"
#include "scan/scanned.h"
#include "snapshot/frozen.h"
#include "snapshot/growing.h"
#include "snapshot/growing_table.h"
#include "snapshot/grown.h"
#include "snapshot/triggers.h"
#include "stack/depot.h"

#define NOW GROWTH_SCANS	  /* the last count */
#define BEFORE (GROWTH_SCANS / 2) /* half of the scans ago */
#define JUDGED 1024
#define LITTLE_BLOCKS 16
#define LITTLE_BYTES (2u << 10)
#define FEW_BYTES (16u << 10) /* of fewer blocks than that */

/* Takes out what nothing reaches: that is a leak. What is undecided mostly
 * lives. */
static void take_unreached(const struct scan *scan, uint32_t stacks)
{
	uint32_t i;

	for (i = 0; i < scan->graph.n; i++)
		if (scan->node_stack[i] < stacks &&
		    !(scan->graph.flags[i] & NODE_UNDECIDED))
			blocks_of_stack[scan->node_stack[i]]--;
	for (i = 0; scan->lone && i < stacks; i++)
		blocks_of_stack[i] -= scan->lone[i].n;
}

/* Finds those whose counts grow, by number from 1; how many. The others are
 * listed no longer. */
static uint32_t choose(struct growing_table *table,
		       struct growing_place **chosen)
{
	uint32_t i, n = 0;

	for (i = 0; i < table->n; i++) {
		struct growing_place *place = &table->place[i];

		if (growth_is(&place->growth, table->work) && n < JUDGED)
			chosen[++n] = place;
		else
			place->listed = false;
	}
	return n;
}

/* Half of what was there four scans ago still is. Else blocks come and go, and
 * only more of them do so than before. Epochs end some day. */
static bool is_lasting(const struct growing_table *table,
		       const struct growing_place *place, const struct age *age)
{
	return table->epoch[NOW] >= HEAP_EPOCH_LAST ||
	       age->old >= place->growth.count[BEFORE] / 2;
}

/* So little is no trouble yet. */
static bool is_little(const struct growing_place *place, const struct age *age)
{
	uint64_t now = place->growth.count[NOW];
	uint64_t more = now - place->growth.count[1];

	uint64_t bytes = (double)age->bytes * (double)more / (double)now;

	return bytes < (more < LITTLE_BLOCKS ? FEW_BYTES : LITTLE_BYTES);
}

/* Looks at the blocks of the n places that were chosen, and lists those that
 * grow. How many there are. Of what was freed at the end, that stays which the
 * scan before said. */
static uint32_t list_all(const struct growing_table *table,
			 struct growing_place **chosen, uint32_t n,
			 const struct ages *ages, struct grown *list)
{
	uint32_t i, listed = 0;

	for (i = 1; i <= n; i++) {
		struct growing_place *place = chosen[i];
		const struct age *age = &ages->age[i];
		bool freed = blocks_of_stack[place->stack] <
			     place->growth.count[NOW];

		ages->of_stack[place->stack] = 0;
		place->listed = freed || (is_lasting(table, place, age) &&
					  !is_little(place, age));
		if (!place->listed)
			continue;
		if (!freed)
			place->bytes = age->bytes;
		listed = grown_add(list, listed, place,
				   freed ? BLOCK_NONE : age->newest);
	}
	return listed;
}

static int judge(const struct snapshot *snapshot, const struct roots *roots,
		 struct growing_table *table, struct arena *arena)
{
	struct growing_place **chosen =
		arena_array(arena, JUDGED + 1, sizeof *chosen);
	struct grown list[GROWING_LISTED];
	struct ages ages = {
		.stacks = depot_count() + 1,
		.epoch = table->epoch[BEFORE],
		.now = table->epoch[NOW],
	};
	uint32_t i, n = chosen ? choose(table, chosen) : 0;

	if (!n)
		return 0;
	ages.of_stack = arena_reserve(ages.stacks * sizeof *ages.of_stack);
	ages.age = arena_array(arena, n + 1, sizeof *ages.age);
	if (!ages.of_stack || !ages.age)
		return 0;
	for (i = 1; i <= n; i++)
		ages.of_stack[chosen[i]->stack] = i;
	ages_look(roots, &ages);
	n = list_all(table, chosen, n, &ages, list);
	return n ? grown_write(snapshot, roots, &ages, list, n) : 0;
}

int growing_scan(const struct snapshot *snapshot, const struct roots *roots,
		 const struct scan *scan, struct arena *arena)
{
	struct growing_shared *growing = &snapshot->shared->growing;
	struct growing_table *from = &growing->table[growing->current];
	struct growing_table *to = &growing->table[!growing->current];
	int unwritten = 0;

	take_unreached(scan, depot_count() + 1);
	growing_table_next(from, to, snapshot->trigger == TRIGGER_EXIT);
	if (to->scans >= GROWTH_SCANS)
		unwritten = judge(snapshot, roots, to, arena);
	growing->current = !growing->current;
	return unwritten;
}
