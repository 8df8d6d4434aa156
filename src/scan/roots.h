/*
 * The roots: every range of memory that is no block and may hold pointers of
 * the program.
 */
#ifndef ROOTS_H
#define ROOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "process/stopped.h"
#include "scan/maps.h"
#include "scan/root.h"

/* self is the thread that made the scan. alternate: a word that holds its
 * signal stack, and stays. 0 or -ENOMEM. Needs blocks_build() before. */
int roots_find(const struct stopped *self, void *const *alternate,
	       const struct maps *maps, struct roots *out)
	__attribute__((warn_unused_result));

#endif
