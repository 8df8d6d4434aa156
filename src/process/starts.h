/*
 * Threads that were made and have not begun: their function and argument, which
 * may hold blocks.
 *
 * Any thread; no lock.
 */
#ifndef STARTS_H
#define STARTS_H

#include <stdbool.h>
#include <stdint.h>

struct start {
	void *(*function)(void *);
	void *arg;
	bool own_stack; /* the program's, not libc's to keep */
	bool taken;
};

/* One that nobody uses; NULL: there are too many, or memory is short. */
struct start *starts_take(void);
void starts_drop(struct start *start);
/* Where they lie: words that hold blocks. */
void starts_range(uintptr_t *low, uintptr_t *high);
/* Their memory was given back. */
void starts_stop(void);

#endif
