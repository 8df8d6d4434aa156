/*
 * libunwind, opened privately. It walks what the rules cannot step through.
 * Inside the guard. It asks the loader, whose lock is held then, so nobody ever
 * waits for it: a thread that finds it busy goes without.
 */
#ifndef UNWIND_H
#define UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Once, from the constructor. now: opens libunwind at once; otherwise it is
 * opened when it is first wanted. Without this call everything below does
 * nothing. */
void unwind_init(bool now);
bool unwind_is_there(void);
/* Opens it now, where it is still to be opened. Not while the loader is at
 * work, nor behind a seccomp filter. Keeps errno. */
void unwind_open_wanted(void);
/* Calls use with the frames above frame (an address in the stack), innermost
 * first. Each is the address of a call, or of what a signal interrupted. use
 * runs on a stack of ours, signals blocked. False when use was not called:
 * libunwind is busy or missing. */
#define UNWIND_MAX 4096
typedef void unwind_use_fn(const uintptr_t *pcs, size_t n, void *data);
bool unwind_walk(const void *frame, unwind_use_fn *use, void *data);
/* Whether the address is in libunwind's code. */
bool unwind_has_code(uintptr_t code);
/* After modules changed: what libunwind remembers is not to be trusted. */
void unwind_forget(void);
void unwind_fork_prepare(void);
void unwind_fork_done(void);

#endif
