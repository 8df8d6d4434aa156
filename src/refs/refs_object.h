/*
 * Objects, for what is told of their fields. Any thread, inside the guard.
 */
#ifndef REFS_OBJECT_H
#define REFS_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

struct ref_object;
struct ref_shard;

/* The object p with its shard taken; born now with one reference when it was
 * not known. NULL when it lies in freed memory (*freed), or none can be had. */
struct ref_object *refs_object_take(uintptr_t p, uint32_t stack,
				    struct ref_shard **shard, bool *freed);
/* The stack that took the reference of target which a new link holds: the
 * thread's last, else the only one there is. With target's shard. */
uint32_t refs_acquired(const struct ref_object *target);
/* A link to target is no more; acquire: the stack of its reference. This
 * thread's next release is that one's, or its last one was. */
void refs_let_go(uintptr_t target, uint32_t acquire);

#endif
