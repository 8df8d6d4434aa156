/*
 * Names that were written to an image: each stands there once, and is a number
 * from then on. Snapshot child only.
 */
#ifndef NAMES_SEEN_H
#define NAMES_SEEN_H

#include <stddef.h>
#include <stdint.h>
#include "snapshot/stream.h"

int names_begin(void) __attribute__((warn_unused_result));
/* The number of a name, and the name itself when the number is new: the next
 * one that was not used. 0, which is no name's: length 0. */
void names_write(struct stream *stream, const char *name, size_t length);
/* The same for the class of a virtual table, whose name is read once. */
void names_write_class(struct stream *stream, uintptr_t vtable);

#endif
