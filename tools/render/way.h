/*
 * One way round a cycle, as it is drawn.
 */
#ifndef WAY_H
#define WAY_H

#include <stdbool.h>
#include <stddef.h>

struct edge;
struct finding;
struct report;

struct step {
	size_t member;
	const struct edge *edge; /* to the next member; NULL: none is known */
};

struct way {
	size_t n;
	struct step *steps;
	bool is_round; /* the last step leads to the first member */
};

/* The ring that the report names. Else the shortest one through the cut, or
 * through the first member; else the members as they are listed. The cut is the
 * last edge. Of what is no cycle, its head alone. */
struct way way_find(struct report *report, const struct finding *finding);

#endif
