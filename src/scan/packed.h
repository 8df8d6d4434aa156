/*
 * Words at any byte: those of packed structures (struct epoll_event is one) are
 * at no multiple of 8. Only the exact address of a block counts. Anything else
 * is chance.
 */
#ifndef PACKED_H
#define PACKED_H

#include "scan/root.h"

/* Marks the blocks to which such words in roots and in marked blocks lead. */
void packed_mark(const struct roots *roots);
/* After that: marks those to which such words in this block lead. */
void packed_mark_block(uintptr_t block);

#endif
