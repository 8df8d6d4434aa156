/* See steps.h. */
#include <stdbool.h>
#include <string.h>
#include "evidence/steps.h"

#define TIMES_LEAST 3 /* fewer are not folded */

/* A word whose place is unknown says nothing. A list is one wherever its nodes
 * were allocated: of single steps the stacks may differ. */
static bool is_same(const struct path_step *a, const struct path_step *b,
		    uint32_t period)
{
	return a->from && b->from && a->at && b->at &&
	       (period == 1 || a->stack == b->stack) && a->size == b->size &&
	       a->at - a->from == b->at - b->from &&
	       a->word - a->block == b->word - b->block;
}

static uint32_t length_of(const struct path_step *step)
{
	return step->times ? step->period : 1;
}

/* Leaves out the first steps behind the head, all that repeat themselves
 * together. */
static void drop_one(struct steps *s)
{
	uint32_t i = 0, n;

	while (i < STEPS_HEAD)
		i += length_of(&s->list[i]);
	n = length_of(&s->list[i]);
	s->omitted += s->list[i].times ? n * s->list[i].times : 1;
	s->omitted_at = i;
	s->n -= n;
	memmove(&s->list[i], &s->list[i + n], (s->n - i) * sizeof *s->list);
}

/* Whether the last three times `period` steps are the same, and none of them is
 * folded. */
static bool repeats(const struct steps *s, uint32_t period)
{
	uint32_t i, all = TIMES_LEAST * period;

	if (s->n < all + (s->omitted ? s->omitted_at : 0))
		return false;
	for (i = s->n - all; i < s->n; i++)
		if (s->list[i].times ||
		    (i >= s->n - all + period &&
		     !is_same(&s->list[i], &s->list[i - period], period)))
			return false;
	for (i = 1; i < STEPS_PERIOD && i <= s->n - all; i++)
		if (s->list[s->n - all - i].times &&
		    s->list[s->n - all - i].period > i)
			return false;
	return true;
}

/* Takes the other times of the first step out. */
static void fold_now(struct steps *s, uint32_t period)
{
	struct path_step *first = &s->list[s->n - TIMES_LEAST * period];
	uint32_t i;

	for (i = 1; i < TIMES_LEAST && period == 1; i++)
		first->mixed |= first[i].stack != first->stack;
	first->period = period;
	first->times = TIMES_LEAST;
	s->n -= (TIMES_LEAST - 1) * period;
	s->period = period;
	s->matched = 0;
}

static void fold(struct steps *s)
{
	uint32_t period;

	for (period = 1; period <= STEPS_PERIOD; period++) {
		if (!repeats(s, period))
			continue;
		fold_now(s, period);
		return;
	}
}

static void append(struct steps *s, const struct path_step *step)
{
	s->period = 0;
	s->list[s->n++] = *step;
	fold(s);
	if (s->n > STEPS_MAX)
		drop_one(s);
}

static void add(struct steps *s, const struct path_step *step);

/* What was seen of one more time, which did not become whole. */
static void add_part(struct steps *s)
{
	struct path_step part[STEPS_PERIOD];
	uint32_t i, n = s->matched;

	memcpy(part, s->part, sizeof part);
	s->period = s->matched = 0;
	for (i = 0; i < n; i++)
		add(s, &part[i]);
}

static void add(struct steps *s, const struct path_step *step)
{
	struct path_step *first = &s->list[s->n - s->period];

	if (!s->period || !is_same(step, &first[s->matched], s->period)) {
		add_part(s);
		append(s, step);
		return;
	}
	first->mixed |= s->period == 1 && step->stack != first->stack;
	s->part[s->matched++] = *step;
	if (s->matched < s->period)
		return;
	first->times++;
	s->matched = 0;
}

void steps_add(struct steps *s, const struct path_step *step)
{
	s->total++;
	add(s, step);
}

void steps_end(struct steps *s)
{
	add_part(s);
}
