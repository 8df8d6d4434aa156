/*
 * Stacks for signals. Each thread that has a record gets one of ours, so that
 * the frame of a stop lies on no stack of the program's: that may be small, in
 * a block, or shared with another thread. The program is told what it has set
 * itself, and its handlers run where they would without us.
 */
#ifndef ALTSTACK_H
#define ALTSTACK_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include "thread.h"

/* Room for one, of a record; NULL when memory is short. With the lock of the
 * records held. */
char *altstack_room(void);
/* The calling thread's from now on, unless the program has set one past our
 * hooks. */
void altstack_give(struct thread *self);
bool altstack_has(const struct thread *t, uintptr_t sp);

/* In place of a handler with SA_ONSTACK: the program's runs on the stack that
 * it has chosen. */
void altstack_wrap(int sig, struct sigaction *action);
/* What the kernel answered, as the program has set it; before: its handler,
 * as of altstack_handler() before the call. */
void altstack_unwrap(struct sigaction *action, void (*before)(int));
void (*altstack_handler(int sig))(int);

#endif
