/*
 * Threads that were made but have not begun: their function and argument, which
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

/* A start that nobody uses. NULL when there are too many, or memory is
 * short. */
struct start *starts_take(void);
void starts_drop(struct start *start);
/* The memory of all starts: its words hold blocks. */
void starts_range(uintptr_t *low, uintptr_t *high);
/* Notes that their memory was given back. */
void starts_stop(void);

#endif
