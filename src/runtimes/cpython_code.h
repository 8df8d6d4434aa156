/*
 * What looks like references in CPython's code, and is none.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_CODE_H
#define CPYTHON_CODE_H

/* Declares that instructions of code own nothing, nor does text among the
 * interpreter's variables. 0 or -ENOMEM. */
int cpython_code(void) __attribute__((warn_unused_result));

#endif
