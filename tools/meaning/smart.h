/*
 * Smart pointers by their shape, which needs no debug information: a shared_ptr
 * is two words, to the object and to the block that counts for it. That one is
 * known by the name of its class.
 */
#ifndef SMART_H
#define SMART_H

#include <stdint.h>

struct blocks;
struct member;

/* Makes each block that only counts a part of the object that it holds. */
void controls_find(struct blocks *blocks);
/* Makes the two words of each smart pointer one, and tells what it does for its
 * object where that shows. After controls_find(). */
void pairs_find(struct blocks *blocks);
/* How many shared pointers a block that only counts tells of; 0: not known. */
uint64_t control_uses(const struct member *member);

#endif
