/*
 * The cut of a cycle: the edge which, made weak, would let it be freed.
 * Internal to the finding stage.
 */
#ifndef CUT_H
#define CUT_H

#include <stdint.h>
#include "graph/finding.h"
#include "graph/graph.h"

struct instances;
struct sample;

/* The edge to cut, and why. */
struct cut {
	uint32_t edge; /* NODE_NONE where there are none */
	enum cut_reason reason;
};
struct cut cut_find(const struct graph *graph, struct sample *sample);

/* Of an instance of more than SAMPLE_MOST: the edge to cut, by what one look at
 * each word tells. */
struct large_cut {
	uint32_t from, to;
	enum cut_reason reason;
};
struct large_cut cut_find_large(const struct instances *instances,
				uint32_t instance);
#endif
