/*
 * libunwind, opened privately: what cannot be stepped with rules is left to
 * it. Inside the guard. It asks the loader with its lock held, so nobody ever
 * waits for it: whoever finds it busy goes without.
 */
#ifndef UNWIND_H
#define UNWIND_H

#include <stddef.h>
#include <stdint.h>

/* Once, from the constructor. Without it everything below does nothing. */
void unwind_init(void);
/* The frames that lie above frame (an address in the stack), innermost first:
 * of each the address of its call, or of what a signal interrupted. How many,
 * at most max. Needs 16 KiB of stack. */
size_t unwind_walk(uintptr_t frame, uintptr_t *pcs, size_t max);
/* After modules changed: what it remembers is not to be trusted. */
void unwind_forget(void);
void unwind_fork_prepare(void);
void unwind_fork_done(void);

#endif
