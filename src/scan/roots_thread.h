/*
 * The roots that threads have: stacks, registers, thread-local storage.
 */
#ifndef ROOTS_THREAD_H
#define ROOTS_THREAD_H

#include "process/stopped.h"
#include "scan/maps.h"
#include "scan/root.h"

/* Also makes holes of their dead parts. Needs nptl_begin(). */
void roots_add_threads(struct roots *roots, const struct maps *maps,
		       const struct stopped *self);

#endif
