/*
 * Signals that Gordian takes for itself, unseen by the program: the one that
 * stops threads and carries requests, and those whose default action would end
 * the program before its last scan. The program is told what it has set itself.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

typedef void signal_handler_fn(int sig, siginfo_t *info, void *ucontext);

/* Takes the signals: the two handlers stand there from then on. */
void signals_init(signal_handler_fn *stop, signal_handler_fn *end);
/* What the program believes is set for a signal of ours. */
const struct sigaction *signals_programs(int sig);
/* Whether the signal's handler is ours. */
bool signals_is_ours(int sig);
/* As sigaction(2), called by the program. */
int signals_set(int sig, const struct sigaction *action, struct sigaction *old);
/* The signal that stops threads. traced: one that debuggers let pass in
 * silence. */
int signals_for_stop(bool traced);
/* Gives a signal its default action, or our handler again. */
void signals_default(int sig);
void signals_ours(int sig);
/* Signals that would end the program come too late: drops those that are
 * pending and that the thread would let in by this mask. */
void signals_drop_ends(uint64_t mask);
/* about: another program is about to be executed; otherwise that has failed.
 * Meanwhile, and until the new program has a handler, our signals are ignored.
 * With the stop lock held. */
void signals_execute(bool about);
/* The set without our signal. A thread that blocked it could not be stopped,
 * and one that waited for it would take it for its own. NULL stays NULL. */
const sigset_t *signals_without_ours(const sigset_t *set, sigset_t *room);

/* aside: scans are over. Signals that end the program are its own again, and a
 * request is ignored if our handler cannot even answer it. Otherwise all is as
 * before. */
void signals_aside(bool aside, bool can_answer);

#endif
