/*
 * Modules call the functions that rules name through words of their own, which
 * the loader fills. These words are led to stubs, which note the call. No code
 * is changed. Calls inside a library, and pointers from dlsym, are not seen.
 */
#ifndef REDIRECT_H
#define REDIRECT_H

#include <stdbool.h>

/* Looks through the modules that are loaded and were not looked through yet.
 * Inside the guard. A thread that finds another doing it leaves it to that
 * one. */
void redirect_look(void);
/* After modules were closed: another may come to stand in the place of one. */
void redirect_forget(void);
/* Whether dlopen may be called from here in place of the program, so that what
 * it opens can be looked through. The loader goes by its caller in two cases,
 * for which this is false: where a module says where others are to be
 * searched. */
bool redirect_may_open(const char *name, const void *caller);
/* In a forked child. */
void redirect_forked(void);

#endif
