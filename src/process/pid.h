/*
 * Which process this is: its number, as of libc's fork, and what it is when
 * libc knows of no fork.
 *
 * Any thread, also in a signal handler.
 */
#ifndef PID_H
#define PID_H

#include <stdbool.h>
#include <stdint.h>

/* As of the last fork. A vfork child sees its parent's. */
int32_t pid_own(void);
/* Costs one system call. */
bool pid_is_vfork_child(void);
/* In a scan's child: whether the program is still there. */
bool pid_has_program(void);
/* Whether the process is no child of vfork but was cloned past libc: its memory
 * is its own, no fork handler ran, and it is never scanned. */
bool pid_has_copy(void);
/* At the first hook, and in the child after a fork. */
void pid_note(void);
/* Makes one page, at the end of what is ours by then: the kernel keeps it
 * apart. */
void pid_make_mark(void);
/* From now on pid_has_copy() can tell. */
void pid_mark_memory(void);
/* Notes that the page was given back. */
void pid_unmark_memory(void);

#endif
