/*
 * Objects, for what is told of their fields. Any thread, inside the guard.
 */
#ifndef REFS_OBJECT_H
#define REFS_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

struct ref_object;
struct ref_shard;

/* The object p, with its shard taken; NULL: it is not known. */
struct ref_object *refs_object_find(uintptr_t p, struct ref_shard **shard);
/* The same; one that is not known (*fresh) is made, in that block. It is to be
 * put on the block's chain once the shard is dropped. NULL: memory is short. */
struct ref_object *refs_object_record(uintptr_t p, uintptr_t block,
				      struct ref_shard **shard, bool *fresh);
/* The object p, with its shard taken. An unknown one is born now, with one
 * reference. NULL when p lies in freed memory (*freed), or memory is short. */
struct ref_object *refs_object_take(uintptr_t p, uint32_t stack,
				    struct ref_shard **shard, bool *freed);
/* The stack that took the reference to target that a new link holds: the
 * thread's last one, or the only one that there is. With target's shard. */
uint32_t refs_acquired(const struct ref_object *target);
/* A link to target has ended. acquire is the stack of its reference. This
 * thread's next release, or its last one, releases that. */
void refs_let_go(uintptr_t target, uint32_t acquire);

#endif
