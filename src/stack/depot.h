/*
 * Stacks interned as a tree: a node is (parent, address, module); its id is
 * the id of the stack that ends in it, 0 the root's: the empty stack. Nodes are
 * never freed. Lock-free; any thread, also in a signal handler.
 */
#ifndef DEPOT_H
#define DEPOT_H

#include <stdbool.h>
#include <stdint.h>

/* The child of parent with this frame; a frame whose address stands among the
 * last eight ancestors (parent included) is that ancestor: recursion is
 * folded. pc is the call's address (return address - 1). */
uint32_t depot_child(uint32_t parent, uintptr_t pc, uint32_t module);

/* The frame of node id, and its parent. id must not be 0. */
struct depot_frame {
	uintptr_t pc;
	uint32_t module; /* of module.h; 0: outside any module */
	uint32_t parent;
};
struct depot_frame depot_frame(uint32_t id);

uint32_t depot_count(void); /* the largest id so far; 0: none was asked for */

/* Why there are stacks that are not known. */
enum depot_lack { DEPOT_LACKS_NOTHING, DEPOT_LACKS_MEMORY, DEPOT_LACKS_IDS };
enum depot_lack depot_lack(void);

/* Whether every node can be found, once, by the frame that it is. For tests
 * and debug builds, while nobody inserts. */
bool depot_is_valid(void);

#endif
