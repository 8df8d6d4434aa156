/*
 * The stacks and modules of an image. Snapshot child only.
 */
#ifndef IMAGE_STACKS_H
#define IMAGE_STACKS_H

#include <stdint.h>
#include "snapshot/stream.h"

/* 0 or -ENOMEM. */
int image_stacks_begin(void) __attribute__((warn_unused_result));
/* The stack is to be written. */
void image_note_stack(uint32_t stack);
/* Writes all that were noted. 0. */
int image_stacks(struct stream *stream);
/* Writes an address: the number of its module, or 0, and the address in it. */
void image_place(struct stream *stream, uint32_t module, uintptr_t address);
/* Writes all modules so far. */
void image_modules(struct stream *stream);

#endif
