/*
 * For debugging Gordian itself, with the option check-stacks: compares captured
 * stacks with libunwind's, frame for frame.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include <stdint.h>
#include "process/thread.h"

/* Compares the stack that the thread has just captured, in the hook in which it
 * is. Inside the guard. */
void audit_stack(struct thread *self);

struct audit_counts {
	uint64_t checked, different;
};
struct audit_counts audit_counts(void);
void audit_forked(void);

#endif
