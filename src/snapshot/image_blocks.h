/*
 * The blocks of an image, with their words. Snapshot child only.
 */
#ifndef IMAGE_BLOCKS_H
#define IMAGE_BLOCKS_H

#include <stdint.h>
#include "snapshot/stream.h"

/* Writes them, in order of address. 0 or -ENOMEM. */
int image_blocks(struct stream *stream) __attribute__((warn_unused_result));
/* The number of a block, in that order. */
uint64_t image_number(uintptr_t block);

#endif
