/*
 * Signals that Gordian takes for itself behind the program's back: the one
 * that stops threads and carries requests, and those whose default action
 * would end the program before its last scan. What the program is told of
 * them is what it has set itself.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

void signals_init(void);
/* Gives a signal its default action, or our handler again. */
void signals_default(int sig);
void signals_ours(int sig);

#endif
