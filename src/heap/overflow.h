/*
 * The blocks that a word of heap.c's table cannot hold: very large ones, and
 * those alone that have no word there, because their address is no multiple of
 * 16, is beyond 47 bits, or shares its granule with another block's.
 *
 * Any thread, inside the guard; one lock, but where it is empty.
 */
#ifndef OVERFLOW_H
#define OVERFLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "heap/heap_word.h"

/* alone: no word in the table stands for it. */
void overflow_put(const struct heap_entry *entry, bool alone);
/* Called, unless NULL, when there was no memory for an entry, or for what the
 * macros tell. Any thread, inside the guard. */
extern void (*overflow_lost)(void) __attribute__((visibility("hidden")));
bool overflow_find(uintptr_t address, struct heap_entry *out);
/* The entry of that address, now gone; bits 0 when there was none. */
struct heap_word overflow_take(uintptr_t address, size_t *size);
/* One that is alone, begins in [low, high), of no order; 0: none. */
uintptr_t overflow_within(uintptr_t low, uintptr_t high);
/* One for which it is so. */
bool overflow_has(bool (*is)(struct heap_word word));
void overflow_ignore(void); /* sets HEAP_IGNORED on all */

/* Those alone, in order of address: memory from arena_map(), to be given back
 * by overflow_list_free(). -ENOMEM when there is none. */
struct overflow_list {
	struct heap_entry *entry;
	uint32_t n, space;
};
int overflow_list(struct overflow_list *list)
	__attribute__((warn_unused_result));
void overflow_list_free(struct overflow_list *list);

/* Nothing is in it any more. */
void overflow_stop(bool unmap);
void overflow_fork_prepare(void);
void overflow_fork_done(void);

#endif
