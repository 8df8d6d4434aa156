/*
 * Which stacks glibc keeps for threads to come (NPTL, glibc 2.34 and later).
 * What the ended thread left there holds nothing, not even argument and result.
 * A thread that has ended and can still be joined is not among them.
 */
#ifndef NPTL_H
#define NPTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "scan/maps.h"

enum nptl_state {
	NPTL_UNKNOWN, /* glibc's lists were not found */
	NPTL_USED,    /* its thread lives, or can be joined */
	NPTL_KEPT,    /* for another thread */
	NPTL_GONE,    /* glibc knows nothing of it */
};

/* Once, from the constructor. */
void nptl_init(void);
/* Snapshot child: reads the lists, once. */
void nptl_begin(const struct maps *maps);
/* The state of a thread, by its descriptor: pthread_self(). */
enum nptl_state nptl_state(uintptr_t descriptor);
/* The i-th descriptor of a stack that is kept, and whether its thread has come
 * to its end; 0 past the last. */
uintptr_t nptl_kept(uint32_t i, bool *ended);
/* The i-th descriptor of a thread that lives or can be joined; 0 past the
 * last. */
uintptr_t nptl_used(uint32_t i);
uint32_t nptl_size(void); /* size of a descriptor; 0: unknown */
/* How much of the first thread's storage lies below its descriptor, at most; 0:
 * unknown. */
size_t nptl_below(void);

#endif
