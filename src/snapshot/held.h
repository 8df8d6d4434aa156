/*
 * The short way to the end of a small process: finds out in place, without a
 * child, whether all the blocks that it has made itself are held.
 */
#ifndef HELD_H
#define HELD_H

#include <stdbool.h>
#include "process/stopped.h"

/* True: a scan would find nothing. False: only a scan can tell. At the end of
 * the process, or before it executes another program. */
bool held_all(const struct stopped *here);

#endif
