/*
 * System calls that a signal handler interrupts in spite of SA_RESTART: where
 * the interruption was a stop or a request of ours, the call goes on with the
 * time that is left, and the program never knows.
 */
#ifndef CALLS_H
#define CALLS_H

/* From our handler: ucontext is what it interrupted. Notes whether that was a
 * system call that now returns EINTR, and nothing of the program's besides. */
void calls_note(const void *ucontext);

#endif
