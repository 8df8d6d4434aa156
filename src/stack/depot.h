/*
 * Stacks interned as a tree. A node is (parent, address, module); its id is the
 * id of the stack that ends in it. 0 is the root's: the empty stack. Nodes are
 * never freed. Lock-free; any thread, also in a signal handler.
 */
#ifndef DEPOT_H
#define DEPOT_H

#include <stdbool.h>
#include <stdint.h>

/* The child of parent with this frame. Recursion is folded: a frame whose
 * address is among the last eight ancestors (parent included) is that ancestor.
 * pc is the address of the call (the return address less 1). */
uint32_t depot_child(uint32_t parent, uintptr_t pc, uint32_t module);

/* The frame of node id, and its parent. id must not be 0. */
struct depot_frame {
	uintptr_t pc;
	uint32_t module; /* of module.h; 0: outside any module */
	uint32_t parent;
};
struct depot_frame depot_frame(uint32_t id);

uint32_t depot_count(void); /* the largest id so far; 0: none yet */

/* Why some stacks are unknown. */
enum depot_lack { DEPOT_LACKS_NOTHING, DEPOT_LACKS_MEMORY, DEPOT_LACKS_IDS };
enum depot_lack depot_lack(void);

/* Whether every node is found by its frame, and once only. For tests and debug
 * builds, while nobody inserts. */
bool depot_is_valid(void);

#endif
