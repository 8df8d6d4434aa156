/*
 * The beginning of the program's handlers. nudge.h is told that one begins.
 * Those with SA_ONSTACK run on the stack that the program has chosen, although
 * the kernel begins them on ours (altstack.h).
 */
#ifndef ONSTACK_H
#define ONSTACK_H

#include <signal.h>

/* Puts a handler of ours in place of the action's, which goes on with it. */
void onstack_wrap(int sig, struct sigaction *action);
/* Turns the kernel's answer back into what the program has set. before: its
 * handler, from onstack_handler() before the call. */
void onstack_unwrap(struct sigaction *action, void (*before)(int));
void (*onstack_handler(int sig))(int);

#endif
