/*
 * C++ objects in Python, as pybind11 binds them.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_BOUND_H
#define CPYTHON_BOUND_H

/* Declares that the table from C++ objects to their Python objects owns
 * nothing. After cpython_objects_find(). 0 or -ENOMEM. */
int cpython_bound(void) __attribute__((warn_unused_result));

#endif
