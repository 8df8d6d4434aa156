/*
 * The blocks that a word of heap.c's table cannot hold. Very large ones have a
 * word besides. The others are here alone: their address is no multiple of 16,
 * is beyond 47 bits, or shares its granule with another block's.
 *
 * Any thread, inside the guard. One lock, which an empty table does not take.
 */
#ifndef OVERFLOW_H
#define OVERFLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "heap/heap_word.h"

/* alone: the block has no word in the table. */
void overflow_put(const struct heap_entry *entry, bool alone);
/* Called, unless NULL, when there was no memory for an entry, or for what
 * macros tell. Any thread, inside the guard. */
extern void (*overflow_lost)(void) __attribute__((visibility("hidden")));
bool overflow_find(uintptr_t address, struct heap_entry *out);
/* Takes out the entry of that address; bits 0 when there was none. */
struct heap_word overflow_take(uintptr_t address, size_t *size);
/* The address of any block that is here alone and begins in [low, high); 0:
 * none. */
uintptr_t overflow_within(uintptr_t low, uintptr_t high);
/* Whether is() holds for one of them. */
bool overflow_has(bool (*is)(struct heap_word word));
void overflow_ignore(void); /* sets HEAP_IGNORED on all */

/* The blocks that are here alone, in order of address, in memory from
 * arena_map() that overflow_list_free() gives back. -ENOMEM when memory is
 * short. */
struct overflow_list {
	struct heap_entry *entry;
	uint32_t n, space;
};
int overflow_list(struct overflow_list *list)
	__attribute__((warn_unused_result));
void overflow_list_free(struct overflow_list *list);

/* Empties the table for good. */
void overflow_stop(bool unmap);
void overflow_fork_prepare(void);
void overflow_fork_done(void);

#endif
