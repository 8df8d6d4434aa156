/*
 * What a scan has found: the graph of the blocks that no root reaches.
 */
#ifndef SCANNED_H
#define SCANNED_H

#include <stdint.h>
#include "graph/graph.h"

struct lone;

struct scan {
	struct graph graph;
	uint32_t *class;   /* the graph's; at first a stack id */
	uint32_t *stack;   /* of a class */
	struct lone *lone; /* by stack, until the classes are known; NULL: none
			    */
};

#endif
