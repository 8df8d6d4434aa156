/*
 * What happens when an object of CPython's ends, and why it does not. As in
 * struct runtime.
 *
 * Snapshot child only, after cpython_objects_find().
 */
#ifndef CPYTHON_ENDS_H
#define CPYTHON_ENDS_H

#include <stddef.h>
#include <stdint.h>

size_t cpython_finalizer(uintptr_t block, char *room, size_t size);
size_t cpython_reason(uintptr_t block, char *room, size_t size);
/* Descriptors of its own, and of the files that it holds. */
uint32_t cpython_resources(uintptr_t block, int *fds, uint32_t n);

#endif
