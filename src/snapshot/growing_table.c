/* See growing_table.h. */
#include <string.h>
#include "graph/growth.h"
#include "heap/heap.h"
#include "process/thread.h"
#include "scan/blocks_build.h"
#include "snapshot/growing_table.h"
#include "stack/depot.h"
#include "stack/depot_node.h"

#define NOW GROWTH_SCANS /* the last count */
/* Blocks whose stack is unknown are of no place. */
#define FIRST (DEPOT_UNKNOWN + 1)

static uint32_t bits_of(uint32_t n)
{
	return n ? 32 - (uint32_t)__builtin_clz(n) : 0;
}

/* The least count of a place such that there is room for all that have as
 * much. */
static uint32_t least_count(uint32_t stacks)
{
	uint32_t places[33] = {0}, i, all = 0, bits = 32;

	for (i = FIRST; i < stacks; i++)
		places[bits_of(blocks_of_stack[i])]++;
	for (; bits; bits--) {
		all += places[bits];
		if (all > GROWING_WATCHED)
			return bits < 32 ? 1u << bits : UINT32_MAX;
	}
	return 1;
}

/* Of one that was not in the table: none were there before, or nobody knows how
 * many. */
static struct growing_place place_new(uint32_t stack, bool cut)
{
	struct growing_place place = {.stack = stack};
	uint32_t i, count = blocks_of_stack[stack];

	for (i = 0; cut && i < GROWTH_COUNTS; i++)
		place.growth.count[i] = count;
	return place;
}

static bool has_history(const struct growing_place *place)
{
	uint32_t i;

	for (i = 1; i < GROWTH_COUNTS; i++)
		if (place->growth.count[i])
			return true;
	return false;
}

/* What a program frees at its end was there until then. */
static uint32_t count_now(const struct growing_place *place, bool is_end)
{
	uint32_t now = blocks_of_stack[place->stack];
	uint32_t last = place->growth.count[NOW];

	return is_end && place->listed && now < last ? last : now;
}

/* Both tables are in order of stacks. */
static void fill(const struct growing_table *from, struct growing_table *to,
		 bool is_end)
{
	uint32_t stacks = depot_count() + 1, stack, k = 0;
	uint32_t least = least_count(stacks);

	to->n = 0;
	to->cut = least > 1;
	for (stack = FIRST; stack < stacks; stack++) {
		uint32_t count = blocks_of_stack[stack];
		bool known = k < from->n && from->place[k].stack == stack;
		const struct growing_place *old = &from->place[k];
		struct growing_place *new = &to->place[to->n];

		k += known;
		if (count < least && (to->cut || !known || !has_history(old)))
			continue;
		if (to->n == GROWING_WATCHED) {
			to->cut = true;
			return;
		}
		*new = known ? *old : place_new(stack, from->cut);
		growth_add(&new->growth, count_now(new, is_end));
		to->n++;
	}
}

static void note_time(const struct growing_table *from,
		      struct growing_table *to)
{
	memcpy(to->work, from->work + 1, NOW * sizeof *to->work);
	memcpy(to->epoch, from->epoch + 1, NOW * sizeof *to->epoch);
	to->work[NOW] = thread_captures();
	to->epoch[NOW] = heap_epoch_now();
}

void growing_table_next(const struct growing_table *last,
			struct growing_table *next, bool is_end)
{
	next->scans = last->scans + 1;
	note_time(last, next);
	fill(last, next, is_end);
}
