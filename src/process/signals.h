/*
 * Signals that Gordian takes for itself behind the program's back: the one
 * that stops threads and carries requests, and those whose default action
 * would end the program before its last scan. What the program is told of
 * them is what it has set itself.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

typedef void signal_handler_fn(int sig, siginfo_t *info, void *ucontext);

/* Takes them; the two stand for the program's handlers from then on. */
void signals_init(signal_handler_fn *stop, signal_handler_fn *end);
/* What the program believes is set, of a signal of ours. */
const struct sigaction *signals_programs(int sig);
/* As sigaction(2), called by the program. */
int signals_set(int sig, const struct sigaction *action, struct sigaction *old);
/* The signal that stops threads: one that debuggers let pass in silence, while
 * one watches. */
int signals_for_stop(bool traced);
/* Gives a signal its default action, or our handler again. */
void signals_default(int sig);
void signals_ours(int sig);
/* Those that would end the program have come too late: the ones that wait and
 * that the thread would let in by that mask are dropped. */
void signals_drop_ends(uint64_t mask);
/* Another program is about to be executed, or was not: signals of ours are
 * ignored meanwhile, and until that has a handler. With the stop lock held. */
void signals_execute(bool about);
/* A set without our signal: a thread that blocked it could not be stopped, one
 * that waited for it would take it for its own. NULL stays NULL. */
const sigset_t *signals_without_ours(const sigset_t *set, sigset_t *room);

/* Scans are over: the ends are the program's own again, and a request is
 * ignored where our handler cannot even answer it. Or all is as before. */
void signals_aside(bool aside, bool can_answer);

#endif
