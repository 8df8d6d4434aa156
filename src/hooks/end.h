/*
 * The ends of a program, each of which gets a last scan.
 */
#ifndef END_H
#define END_H

#include "process/stopped.h"

/* exit() was called, or main returned: what is in use lies at sp or above.
 * The scan is made when the exit handlers have run. */
void end_note_exit(int status, uintptr_t sp);
/* _exit and quick_exit: now. */
void end_now(int status, uintptr_t sp);
/* A signal that ends the program: in the handler, or noted there and done on
 * leaving the guard. Returns only where the kernel drops the signal. */
void end_note_signal(int sig);
void end_by_signal(const struct stopped *here);
/* The last scan, once; status is what the report will say. */
void end_scan(const struct stopped *here, int status);
/* There will be none: the last one was the program's own check. */
void end_no_scan(void);
/* exec of path is about to be called: the callers have spilled their
 * registers. */
void end_exec(const char *path);
/* A sandbox that no scan is possible in is about to be closed; the same. */
void end_confined(void);
void end_forked(void);

#endif
