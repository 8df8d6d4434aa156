/*
 * Classes of blocks: by the stack that made them, in a form that is the same on
 * every machine.
 */
#ifndef CLASSES_H
#define CLASSES_H

struct arena;
struct scan;

/* Fills class, classes and class_hash of the scan's graph. Snapshot child only.
 * 0 or -ENOMEM. */
int classes_find(struct scan *scan, struct arena *arena)
	__attribute__((warn_unused_result));

#endif
