/*
 * The ends of a program. Each gets a last scan.
 */
#ifndef END_H
#define END_H

#include <stdbool.h>
#include "process/stopped.h"

/* exit() was called, or main returned. What is in use is at sp or above. The
 * scan is made after the exit handlers. */
void end_note_exit(int status, uintptr_t sp);
/* _exit and quick_exit: the scan is made now. */
void end_now(int status, uintptr_t sp);
/* abort() was called, or an assertion has failed: SIGABRT is about to come.
 * What is in use is at sp or above. */
void end_note_abort(uintptr_t sp);
/* What is in use when a signal comes here. */
struct stopped end_place(int sig, const void *ucontext);
/* A signal ends the program: called in the handler, or on leaving the guard
 * when it was noted there. Returns only when the kernel drops the signal. */
void end_note_signal(int sig);
void end_by_signal(const struct stopped *here);
/* Makes the last scan, once. status is what the report will say. */
void end_scan(const struct stopped *here, int status);
/* An interpreter ends, and with it the program if `last` is true: then nothing
 * is decided afterwards. What is in use is at sp or above. */
void end_interpreter(bool last, uintptr_t sp);
/* There is no last scan: the program's own check was the last. */
void end_no_scan(void);
/* exec of path is about to be called. The callers have spilled their
 * registers. */
void end_exec(const char *path);
/* The same for a sandbox that is about to be closed, in which no scan is
 * possible. */
void end_confined(void);
void end_forked(void);

#endif
