/*
 * What the first look passes over, as it holds nothing in nearly every
 * program: memory that is without access or read-only just now, pages of files
 * that are not in memory, memory that a child does not have. It is looked at
 * only while blocks are unreached.
 *
 * Snapshot child only.
 */
#ifndef LATE_H
#define LATE_H

#include "roots.h"

/* Before anything reads a block: those in memory without access can be read
 * from here on. Needs blocks_build(). */
void late_begin(const struct snapshot *snapshot, struct maps *maps);
/* Adds the roots to those of roots_find(). 0 or -errno. */
int late_find(struct roots *out) __attribute__((warn_unused_result));
/* After marking: only what the scan before found so too is unreached, where
 * memory went on changing, and only a suspect, where a thread went on. */
void late_settle(void);
/* The scan says nothing: it lacks memory that another one will have. */
bool late_is_void(void);
/* Something could not be read, or went on changing: nothing is certain. */
bool late_is_unsure(void);

#endif
