/*
 * In which order a search from the roots reads them.
 *
 * Snapshot child only.
 */
#ifndef TURN_H
#define TURN_H

#include <stdint.h>
#include "process/stopped.h"
#include "scan/root.h"

enum turn { TURN_LASTING, TURN_STACKS, TURN_REGISTERS, TURN_REST, TURNS };

/* self: the thread that was stopped first. */
enum turn turn_find(const struct root *root, const struct stopped *self);
/* The word of the same stack as the one at `at` that leads to the block from
 * the outermost frame: those further in may be copies, or old. `at` itself
 * where it lies on no stack. */
uintptr_t turn_outermost(const struct roots *roots, const struct stopped *self,
			 uintptr_t block, uintptr_t at);

#endif
