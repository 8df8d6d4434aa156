/*
 * Where CPython keeps what it will use again.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_SPARE_H
#define CPYTHON_SPARE_H

/* Declares that old words of interpreters' arrays own nothing: freed lists,
 * dictionaries and tables of their keys wait there, and the words of those that
 * are in use again stay. So do values that were found once
 * (cpython_cache.h). 0 or -ENOMEM. */
int cpython_spare(void) __attribute__((warn_unused_result));

#endif
