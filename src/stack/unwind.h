/*
 * libunwind, opened privately: what cannot be stepped with rules is left to
 * it. Inside the guard. It asks the loader with its lock held, so nobody ever
 * waits for it: whoever finds it busy goes without.
 */
#ifndef UNWIND_H
#define UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Once, from the constructor. Without it everything below does nothing. Else
 * than now, libunwind is opened when it is wanted first. */
void unwind_init(bool now);
bool unwind_is_there(void);
/* Gives use the frames that lie above frame (an address in the stack),
 * innermost first: of each the address of its call, or of what a signal
 * interrupted. use runs on a stack of ours, signals blocked. False when it was
 * not called: busy, or no libunwind. */
#define UNWIND_MAX 4096
typedef void unwind_use_fn(const uintptr_t *pcs, size_t n, void *data);
bool unwind_walk(const void *frame, unwind_use_fn *use, void *data);
/* The address is libunwind's code. */
bool unwind_has_code(uintptr_t code);
/* After modules changed: what it remembers is not to be trusted. */
void unwind_forget(void);
void unwind_fork_prepare(void);
void unwind_fork_done(void);

#endif
