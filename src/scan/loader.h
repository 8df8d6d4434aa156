/*
 * glibc's loader, from 2.35 on.
 *
 * Snapshot child only.
 */
#ifndef LOADER_H
#define LOADER_H

/* Notes which words of the loader's memory are old, and own nothing. After
 * blocks_build(), before runtimes_declare(). 0 or -ENOMEM. */
int loader_forget(void) __attribute__((warn_unused_result));

#endif
