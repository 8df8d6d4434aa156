/*
 * Bringing the library up, in two steps: at the first hook, whoever calls it,
 * so much that blocks can be recorded; in the constructor the rest.
 */
#ifndef INIT_H
#define INIT_H

#include <stdbool.h>
#include <stdint.h>

/* True once blocks can be recorded; makes it so in the first caller. */
bool init_early(void);
/* True once it was made so; never makes it. */
bool init_is_up(void);
/* True after the constructor: scans may run, handlers are set. */
bool init_done(void);
/* This process, as of the last fork; a vfork child sees its parent's. */
int32_t init_pid(void);
bool init_is_vfork_child(void);
/* It is no child of vfork, but was cloned past libc: its memory is its own, no
 * fork handler ran, and it is never scanned. */
bool init_has_copy(void);
/* After fork, in the child. */
void init_forked(void);

#endif
