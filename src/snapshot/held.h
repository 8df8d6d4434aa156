/*
 * The short way to the last scan of a small process: whether all the blocks
 * that it has made itself are held, found out in place, without a child.
 */
#ifndef HELD_H
#define HELD_H

#include <stdbool.h>
#include "process/stopped.h"

/* True: a scan would find nothing. False: only a scan can tell. At the
 * end of the program, or of this one in its process. */
bool held_all(const struct stopped *here);

#endif
