/*
 * The handlers in place of the program's, for the signals that Gordian takes
 * for itself (signals.h).
 */
#ifndef HANDLERS_H
#define HANDLERS_H

#include <signal.h>

/* For the signal that stops threads and carries requests. */
void handle_ours(int sig, siginfo_t *info, void *ucontext);
/* For signals that end the program: the last scan comes first. */
void handle_end(int sig, siginfo_t *info, void *ucontext);

#endif
