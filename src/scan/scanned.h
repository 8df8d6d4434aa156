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
	uint32_t *node_stack; /* of a node: its stack's id; NULL once
				 classes_find() has replaced it by the class */
	uint32_t *stack;      /* of a class: its stack's id */
	struct lone *lone; /* by stack, until the classes are known; NULL: none
			    */
};

#endif
