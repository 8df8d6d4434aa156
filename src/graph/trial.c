/*
 * Trial deletion. Subtract the references that candidates hold on each other. A
 * candidate that still has one is live, and so is all that it holds. See
 * trial.h.
 *
 * Runs in the snapshot child. No locks, no recursion: a heap sizes the input.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "graph/trial.h"

/* A word that was merely found holds no object: a parent pointer that nobody
 * counts looks just like it. */
static bool edge_holds(const struct trial *t, uint32_t e)
{
	return !t->found || !t->found[e] || t->count[t->to[e]] < 0;
}

/* Fills held[i]: for an object, the part of its count that no candidate's link
 * accounts for; for a plain block, whether memory outside points at it. */
static void held_find(const struct trial *t, int64_t *held)
{
	uint32_t i, e;

	for (i = 0; i < t->n; i++) {
		if (t->count[i] < 0)
			held[i] = t->outside && t->outside[i];
		else
			held[i] = t->count[i];
	}
	for (e = 0; e < t->row[t->n]; e++) {
		if (t->count[t->to[e]] >= 0 && edge_holds(t, e))
			held[t->to[e]]--;
	}
}

static void live_add(const struct trial *t, uint32_t i, uint32_t *stack,
		     uint32_t *n)
{
	if (!t->dead[i])
		return;
	t->dead[i] = false;
	stack[(*n)++] = i;
}

/* Clears `dead` for what is held from outside, and for all that it holds. */
static void live_spread(const struct trial *t, const int64_t *held,
			uint32_t *stack)
{
	uint32_t i, e, n = 0;

	for (i = 0; i < t->n; i++) {
		if (held[i] > 0)
			live_add(t, i, stack, &n);
	}
	while (n) {
		i = stack[--n];
		for (e = t->row[i]; e < t->row[i + 1]; e++) {
			if (edge_holds(t, e))
				live_add(t, t->to[e], stack, &n);
		}
	}
}

int trial_run(const struct trial *trial, struct arena *arena)
{
	int64_t *held = arena_array(arena, trial->n, sizeof(*held));
	uint32_t *stack = arena_array(arena, trial->n, sizeof(*stack));

	if (!held || !stack)
		return -ENOMEM;
	memset(trial->dead, true, trial->n * sizeof(*trial->dead));
	held_find(trial, held);
	live_spread(trial, held, stack);
	return 0;
}
