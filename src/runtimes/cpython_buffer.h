/*
 * What a file of CPython's has read or is to write.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_BUFFER_H
#define CPYTHON_BUFFER_H

/* Declares that buffers of files own nothing. 0 or -ENOMEM. */
int cpython_buffers(void) __attribute__((warn_unused_result));

#endif
