/*
 * The frames outside of main: libc's, from the program's start. Their words are
 * stale, and hold nothing of the program's.
 */
#ifndef OUTSIDE_H
#define OUTSIDE_H

#include <stdint.h>

/* main is about to be called: notes that these frames are from low up to high.
 * Once. */
void outside_note(uintptr_t low, uintptr_t high);
/* 0, 0 before main is called. Any thread. */
void outside_main(uintptr_t *low, uintptr_t *high);

#endif
