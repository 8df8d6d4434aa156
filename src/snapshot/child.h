/*
 * What a scan's child does.
 */
#ifndef CHILD_H
#define CHILD_H

struct snapshot;

/* Runs on a stack of its own; never returns. */
void child_run(const struct snapshot *snapshot) __attribute__((noreturn));

#endif
