/*
 * A scan, in the snapshot child: what the roots reach, and the graph of the
 * blocks that they do not.
 */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include "scan/root.h"
#include "scan/scanned.h"

struct arena;

/* Marks, and builds the graph. undecided: with what is undecided
 * (undecided.h). All memory is from the arena. 0 or -ENOMEM. */
int scan_run(struct roots *roots, bool undecided, struct arena *arena,
	     struct scan *out) __attribute__((warn_unused_result));

#endif
