/*
 * Reading memory in the snapshot child: what the roots reach, and the graph
 * of the blocks that they do not.
 */
#ifndef SCAN_H
#define SCAN_H

#include <stdint.h>
#include "arena.h"
#include "blocks.h"
#include "graph.h"
#include "roots.h"

/* Why a suspect is one. */
struct suspect {
	uintptr_t at; /* the word; 0: none */
	enum root_kind kind;
};

struct scan {
	struct graph graph;
	uint32_t *block; /* of each node */
};

/* Marks and builds. All from the arena. 0 or -ENOMEM. */
int scan_run(const struct roots *roots, struct arena *arena, struct scan *out)
	__attribute__((warn_unused_result));
/* The node of a block that is in the graph, or NODE_NONE. */
uint32_t scan_node(uint32_t block);
/* The word that alone reaches a suspect block, if it is known. */
struct suspect scan_suspect(uint32_t block);

/* Calls visit for each word of [low, high) that can be read; skips the pages
 * of a large range that were never touched. */
typedef void scan_visit_fn(uintptr_t at, uintptr_t word, void *data);
void scan_range(uintptr_t low, uintptr_t high, int shared, scan_visit_fn *visit,
		void *data);
/* Whether ranges read from now on hold words at any byte, not at each eighth.
 */
void scan_every_byte(bool every);
/* The same for a block, but for the blocks that a pool has made of it. */
void scan_block(uint32_t block, scan_visit_fn *visit, void *data);
/* Reads through memory that may vanish or refuse: the handlers for it. */
void scan_survive(void);

#endif
