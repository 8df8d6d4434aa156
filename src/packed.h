/*
 * Words at any byte: those of packed structures (struct epoll_event is one)
 * lie at no multiple of 8. Only what is the address of a block, to the byte,
 * counts: elsewhere such words are chance.
 */
#ifndef PACKED_H
#define PACKED_H

#include <stdint.h>

typedef void packed_fn(uintptr_t word, uintptr_t at);

/* Needs blocks_build(). */
void packed_begin(void);
/* Calls visit for the words of [low, high) that lie at no multiple of 8 and
 * may be addresses of blocks. */
void packed_read(uintptr_t low, uintptr_t high, packed_fn *visit);

#endif
