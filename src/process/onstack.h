/*
 * Handlers of the program's: nudge.h is told that one begins. Those with
 * SA_ONSTACK run on the stack that the program has chosen, though the kernel
 * begins them on ours (altstack.h).
 */
#ifndef ONSTACK_H
#define ONSTACK_H

#include <signal.h>

/* In place of a handler, one of ours that goes on with it. */
void onstack_wrap(int sig, struct sigaction *action);
/* What the kernel answered, as the program has set it; before: its handler,
 * as of onstack_handler() before the call. */
void onstack_unwrap(struct sigaction *action, void (*before)(int));
void (*onstack_handler(int sig))(int);

#endif
