/*
 * What the library checks of itself where it is configured with --enable-debug,
 * and in the unit tests: the ranks of its locks (lock.h) and its structures, by
 * their noun_is_valid(). There a broken promise ends the process with SIGILL.
 * Elsewhere none of it is compiled: a program is never ended by our mistake.
 */
#ifndef DEBUG_H
#define DEBUG_H

#ifdef GORDIAN_DEBUG
#define debug_check(holds) ((holds) ? (void)0 : __builtin_trap())
#else
#define debug_check(holds) ((void)0)
#endif

#endif
