/*
 * Names from CPython's strings, read as they lie in memory.
 *
 * Snapshot child only.
 */
#ifndef CPYTHON_TEXT_H
#define CPYTHON_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/text.h"

/* Inside cpython_run(): the text of a str; a type's tp_name; the qualified name
 * of a function. False: it is none. */
bool cpython_add_str(struct text *text, uintptr_t str);
void cpython_add_type(struct text *text, uintptr_t type);
bool cpython_add_function(struct text *text, uintptr_t function);
/* Calls f. Memory that is not there reads as zeros meanwhile. */
void cpython_run(void (*f)(void *data), void *data);

#endif
