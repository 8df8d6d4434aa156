/*
 * What the child has read and needs no more: live blocks, which the program
 * may be about to write to.
 */
#ifndef DROP_H
#define DROP_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/maps.h"

/* After scan_run(): unmaps it, so that the kernel has not to copy it when the
 * program writes. Blocks of the graph stay, and what the loader allocated. */
void drop_live(const struct maps *maps);
/* A block that may not be there any more: it is live, and no FILE. */
bool drop_has(uintptr_t block);

#endif
