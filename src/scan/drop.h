/*
 * Unmaps what the child has read and no longer needs: live blocks, to which the
 * program may be about to write.
 */
#ifndef DROP_H
#define DROP_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/maps.h"

/* After scan_run(): unmaps them, so that the kernel need not copy them when the
 * program writes. Blocks of the graph stay, and what the loader allocated. */
void drop_live(const struct maps *maps);
/* Whether a block may be unmapped: it is live, and no FILE. */
bool drop_has(uintptr_t block);

#endif
