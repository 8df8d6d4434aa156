/*
 * Handlers of the program's with SA_ONSTACK: they run on the stack that the
 * program has chosen, though the kernel begins them on ours (altstack.h).
 */
#ifndef ONSTACK_H
#define ONSTACK_H

#include <signal.h>

/* In place of a handler with SA_ONSTACK: the program's runs on the stack that
 * it has chosen. */
void onstack_wrap(int sig, struct sigaction *action);
/* What the kernel answered, as the program has set it; before: its handler,
 * as of onstack_handler() before the call. */
void onstack_unwrap(struct sigaction *action, void (*before)(int));
void (*onstack_handler(int sig))(int);

#endif
