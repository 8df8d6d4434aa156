/*
 * See growth.h. A share alone says little: what comes and goes also grows, now
 * and then. So there are four tests, and all must hold.
 */
#include <string.h>
#include "graph/growth.h"

#define NOW GROWTH_SCANS /* the last count */
#define HALF (NOW / 2)

void growth_add(struct growth *growth, uint32_t count)
{
	if (growth->count[0] > growth->peak)
		growth->peak = growth->count[0];
	memmove(growth->count, growth->count + 1, NOW * sizeof *growth->count);
	growth->count[NOW] = count;
}

/* It grew by a fifth over the eight scans, and is so much above all that it had
 * before: what comes and goes in waves only reaches its old height again. */
static bool is_more(const struct growth *g)
{
	uint64_t before = g->count[1];

	if (before < g->peak)
		before = g->peak;
	if (before < g->count[0])
		before = g->count[0];
	return g->count[NOW] * 5ull >= before * 6 && g->count[NOW] > before;
}

/* It grew in three quarters of the scans. What it lost in others is little
 * beside what it gained, which is more than chance makes of so many. */
static bool is_steady(const struct growth *g)
{
	uint64_t lost = 0, more = g->count[NOW] - g->count[1];
	uint32_t i, grew = 0;

	for (i = 1; i <= NOW; i++) {
		grew += g->count[i] > g->count[i - 1];
		if (g->count[i] < g->count[i - 1])
			lost += g->count[i - 1] - g->count[i];
	}
	if (lost && (lost * 4 > more || more * more < 4ull * g->count[NOW]))
		return false;
	return grew * 4 >= GROWTH_SCANS * 3;
}

/* Whether it gained in that step less than a quarter of what the whole would
 * have it gain for that work. */
static bool is_quiet(const struct growth *g, const uint64_t *work, uint32_t i)
{
	double more = (double)g->count[NOW] - g->count[0];
	double all = (double)(work[NOW] - work[0]);
	double step = (double)g->count[i] - g->count[i - 1];

	return step * 4 * all < more * (double)(work[i] - work[i - 1]);
}

/* The program has gone on since it last grew, for longer than that took: what
 * was filled at the start is full. Where scans come by threshold, there is none
 * while nothing grows, and only the work tells. */
static bool is_over(const struct growth *g, const uint64_t *work)
{
	uint32_t i = NOW;

	while (i > 0 && is_quiet(g, work, i))
		i--;
	return (work[NOW] - work[i]) * 2 > work[NOW] - work[0];
}

/* What fills up grows ever less, as a cache does once most requests find
 * theirs: in the second half of the scans it gained less than three quarters of
 * what it did in the first, and did so for its work, too. The first scan of all
 * has no step that leads to it. */
static bool is_slowing(const struct growth *g, const uint64_t *work)
{
	uint32_t from = work[0] ? 0 : 1;
	double first = (double)g->count[HALF] - g->count[from];
	double second = (double)g->count[NOW] - g->count[HALF];
	double work_first = (double)(work[HALF] - work[from]);
	double work_second = (double)(work[NOW] - work[HALF]);

	return second * (HALF - from) * 4 < first * HALF * 3 &&
	       second * work_first * 4 < first * work_second * 3;
}

bool growth_is(const struct growth *growth, const uint64_t *work)
{
	return is_more(growth) && is_steady(growth) && !is_over(growth, work) &&
	       !is_slowing(growth, work);
}
