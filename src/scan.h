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
	uint32_t *class;   /* the graph's; at first a stack id */
	uint32_t *stack;   /* of a class */
	struct lone *lone; /* by stack, until the classes are known; NULL: none
			    */
};

/* Marks and builds. All from the arena. 0 or -ENOMEM. */
int scan_run(struct roots *roots, struct arena *arena, struct scan *out)
	__attribute__((warn_unused_result));
/* The node of a block that is in the graph, or NODE_NONE. */
uint32_t scan_node(uintptr_t block);
uintptr_t scan_block_of(uint32_t node);

/* Words from 4096 up to 2^47 alone may be pointers. */
static inline bool scan_may_point(uintptr_t word)
{
	return word - 4096 < (1ul << 47) - 4096;
}

#define SCAN_LARGE (256ul << 10) /* from here on it pays to ask what exists */

/* Calls visit for each word of [low, high) that can be read and may point;
 * skips the pages of a large range that were never touched. */
typedef void scan_visit_fn(uintptr_t at, uintptr_t word, void *data);
void scan_range(uintptr_t low, uintptr_t high, enum root_how how,
		scan_visit_fn *visit, void *data);
/* Calls run for what of it is to be read, piece by piece. */
typedef void scan_run_fn(uintptr_t low, uintptr_t high, void *data);
void scan_runs(uintptr_t low, uintptr_t high, enum root_how how,
	       scan_run_fn *run, void *data);
/* The same for the memory of a root that lies between blocks: what lies in a
 * block is read when that is reached. */
void scan_root(const struct root *root, scan_run_fn *run, void *data);
/* Of files that are not in memory no more than that may be read from the disk;
 * what was not read for that reason. */
void scan_disk_limit(uint64_t bytes);
uint64_t scan_disk_unread(void);
/* Whether ranges read from now on hold words at any byte, not at each eighth.
 */
void scan_every_byte(bool every);
unsigned scan_step(void); /* 1 or 8 */
/* The same for a block, but for the blocks that a pool has made of it. */
void scan_block(uintptr_t block, scan_visit_fn *visit, void *data);
void scan_block_runs(uintptr_t block, scan_run_fn *run, void *data);
/* Reads through memory that may vanish or refuse: the handlers for it. What
 * lies in [scan_low, scan_high) is being read. */
void scan_survive(void);
extern volatile uintptr_t scan_low, scan_high;

#endif
