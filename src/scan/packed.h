/*
 * Words at any byte: those of packed structures (struct epoll_event is one)
 * lie at no multiple of 8. Only what is the address of a block, to the byte,
 * counts: elsewhere such words are chance.
 */
#ifndef PACKED_H
#define PACKED_H

#include "scan/root.h"

/* Marks what such words in roots and in marked blocks lead to. */
void packed_mark(const struct roots *roots);
/* After it: what those in this block lead to. */
void packed_mark_block(uintptr_t block);

#endif
