/*
 * What CPython's objects and references are called, for the few that are shown.
 * As in struct runtime. Nothing is allocated in the interpreter.
 *
 * Snapshot child only, after cpython_objects_find().
 */
#ifndef CPYTHON_NAME_H
#define CPYTHON_NAME_H

#include <stddef.h>
#include <stdint.h>

size_t cpython_type_name(uintptr_t block, char *room, size_t size);
size_t cpython_field_name(uintptr_t block, uintptr_t at, uintptr_t to,
			  char *room, size_t size);

#endif
