/*
 * What stands where the program's handlers would, for the signals that Gordian
 * takes for itself (signals.h).
 */
#ifndef HANDLERS_H
#define HANDLERS_H

#include <signal.h>

/* The one that stops threads and carries requests. */
void handle_ours(int sig, siginfo_t *info, void *ucontext);
/* Those that end the program: its last scan comes first. */
void handle_end(int sig, siginfo_t *info, void *ucontext);

#endif
