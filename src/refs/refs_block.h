/*
 * Blocks that carry records of objects and slots. Any thread, inside the guard.
 */
#ifndef REFS_BLOCK_H
#define REFS_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ref_block;
struct ref_object;
struct ref_shard;
struct ref_slot;

/* Finds the block in which p lies, for a new record, and sets HEAP_SHADOW.
 * stack becomes that of the block's allocation. False in freed memory. No latch
 * held. */
bool refs_place(uintptr_t p, uintptr_t *block, uint32_t *stack);
/* On the stack of any known thread. */
bool refs_is_on_stack(uintptr_t p);
/* Adds a record to the chain of its block. No latch held. */
void refs_chain_object(struct ref_object *object);
void refs_chain_slot(struct ref_slot *slot);
/* The record of a block, with its shard taken. It is made when it is
 * missing. */
struct ref_block *refs_block_take(uintptr_t at, struct ref_shard **shard);
/* Forgets what is known of a block, but not of blocks in it. */
void refs_drop_block(uintptr_t at, size_t size);

#endif
