/*
 * What the library checks of itself when it is configured with --enable-debug,
 * and in the unit tests: the ranks of its locks (lock.h) and its structures, by
 * their noun_is_valid(). A broken promise ends the process there with SIGILL.
 * In other builds none of it is compiled: our mistake never ends a program.
 */
#ifndef DEBUG_H
#define DEBUG_H

#ifdef GORDIAN_DEBUG
#define debug_check(holds) ((holds) ? (void)0 : __builtin_trap())
#else
#define debug_check(holds) ((void)0)
#endif

#endif
