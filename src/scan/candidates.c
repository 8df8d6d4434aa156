/* See candidates.h. */
#include <errno.h>
#include "base/arena.h"
#include "scan/blocks.h"
#include "scan/candidates.h"
#include "scan/counts.h"

enum state {
	OPEN,
	HELD, /* a word of live memory points at it */
	ENTERED,
	DEAD,
};

bool candidates_exist;
static uint8_t *state; /* an enum state each */
static bool *is_dead;  /* by the last trial */
static bool *outside;  /* for the trial: other memory holds it */

bool candidate_is_put_off(uintptr_t block)
{
	uint32_t candidate = counts_candidate(block);

	if (candidate == CANDIDATE_NONE || state[candidate] > HELD)
		return false;
	state[candidate] = HELD;
	return true;
}

static int state_of(uintptr_t block)
{
	uint32_t candidate =
		candidates_exist ? counts_candidate(block) : CANDIDATE_NONE;

	return candidate == CANDIDATE_NONE ? ENTERED : state[candidate];
}

bool candidate_is_open(uintptr_t block)
{
	return state_of(block) <= HELD;
}

bool candidate_is_dead(uintptr_t block)
{
	return state_of(block) == DEAD;
}

int candidates_begin(struct arena *arena)
{
	const struct candidates *c = counts_candidates();
	uint32_t i;

	if (!c->n)
		return 0;
	state = arena_array(arena, c->n, 1);
	is_dead = arena_array(arena, c->n, 1);
	outside = arena_array(arena, c->n, 1);
	if (!state || !is_dead || !outside)
		return -ENOMEM;
	candidates_exist = true;
	for (i = 0; i < c->n; i++) {
		struct place place = blocks_place(c->block[i]);

		if (!(place.cell->strong & place.bit))
			continue;
		state[i] = ENTERED;
		counts_keep(i);
	}
	return 0;
}

int candidates_trial(struct arena *arena)
{
	uint32_t i;

	for (i = 0; i < counts_candidates()->n; i++)
		outside[i] = state[i] != OPEN;
	return counts_trial(outside, is_dead, arena);
}

bool candidates_enter(void (*enter)(uintptr_t block))
{
	const struct candidates *c = counts_candidates();
	bool any = false;
	uint32_t i;

	for (i = 0; i < c->n; i++) {
		if (is_dead[i] || state[i] != HELD)
			continue;
		state[i] = ENTERED;
		enter(c->block[i]);
		any = true;
	}
	return any;
}

void candidates_end(void)
{
	uint32_t i;

	for (i = 0; i < counts_candidates()->n; i++)
		if (state[i] <= HELD && is_dead[i])
			state[i] = DEAD;
}
