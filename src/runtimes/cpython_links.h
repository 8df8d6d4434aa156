/*
 * Declares the references of CPython's objects.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_LINKS_H
#define CPYTHON_LINKS_H

struct arena;

/* Marks what is told as a part of one object: an instance's dictionary that
 * nothing else holds, a function's closure. */
void cpython_owned(void);
/* Declares all links and parts. 0 or -ENOMEM. */
int cpython_links(struct arena *arena) __attribute__((warn_unused_result));

#endif
