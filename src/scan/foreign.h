/*
 * Calls of the program's own code in the snapshot child: on a stack apart, with
 * a time limit, and so that a fault or a system call ends it and nothing else.
 *
 * Snapshot child only, one thread.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

/* Around calls. 0, or -ENOMEM: then nothing may be called. */
int foreign_begin(void) __attribute__((warn_unused_result));
void foreign_end(void);

enum foreign {
	FOREIGN_RETURNED,
	FOREIGN_FAULTED,
	FOREIGN_CALLED, /* it made a system call */
	FOREIGN_GREEDY, /* it asked the kernel for too much memory */
	FOREIGN_LATE,	/* it used half a second, or waited for longer */
};
/* Calls f(arg), whose result is no matter. */
enum foreign foreign_call(long (*f)(void *), void *arg);
/* Calls f(arg) in a copy of the child, and waits for its end. What it writes
 * ends with it, but in shared memory. 0; -EFAULT: the copy died; -errno: there
 * was none. */
int foreign_apart(void (*f)(void *), void *arg)
	__attribute__((warn_unused_result));
/* From inside the call: ends it. */
void foreign_leave(void) __attribute__((noreturn));

#endif
