/*
 * CPython in this process, as far as the program's side has to know it: found
 * by what its module exports, stripped or not. In a process without it nothing
 * is known, and each of these is false.
 */
#ifndef PYTHON_H
#define PYTHON_H

#include <stdbool.h>
#include <stdint.h>
#include "heap/heap_word.h"

/* Looks for CPython, unless it was found. Calls nothing of it. When the program
 * starts, or when an interpreter does. */
void python_find(void);

/* Whether an interpreter has begun to end: its exit functions have run, and its
 * last collection is yet to come or was made. Any thread. */
bool python_is_ending(void);
/* The interpreter has begun to end: a scan is to be made; it was made. What it
 * made before it begins again may then be left behind. */
void python_note_ending(void);
void python_note_end(void);
/* Looks whether it has begun again after an end. */
void python_note_life(void);
/* Whether the scan between the two is being made. */
bool python_ends_now(void);
/* Whether the interpreter, or what it called, made a block. */
bool python_made(struct heap_word word);
/* Whether that was one which has ended. */
bool python_left(struct heap_word word);

/* Whether pc is in a function that runs a whole program: after the interpreter
 * that it has started, the program ends. */
bool python_is_main(uintptr_t pc);
/* Whether the interpreter has no lock of its own, and only one allocator. */
bool python_is_free_threaded(void);

/* Lets the interpreter use malloc for its objects, as PYTHONMALLOC=malloc does.
 * Before it is initialized. */
void python_use_malloc(void);

#endif
