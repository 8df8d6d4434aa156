/*
 * Blocks that were freed past our hooks (by a module that the loader binds past
 * them, or by libc's own names). They are recorded, but are glibc's free memory
 * by now.
 */
#ifndef FREED_H
#define FREED_H

#include <stdint.h>
#include "scan/maps.h"

/* Before the first scan, outside the guard. */
void freed_begin(void);
/* Snapshot child, after marking: marks such blocks, but not what their stale
 * words lead to. How many there are. */
uint32_t freed_mark(const struct maps *maps);

#endif
