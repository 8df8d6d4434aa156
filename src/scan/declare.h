/*
 * What a runtime calls in its declare() to tell what it knows of blocks: its
 * objects and their parts (declared.h), which words are counted references
 * (links.h), and which own nothing (unowned.h).
 *
 * Functions return 0; -ENOMEM; or -EINVAL: there is no such block, or it was
 * declared before. Nothing is declared then, and the runtime may go on.
 *
 * Snapshot child only.
 */
#ifndef DECLARE_H
#define DECLARE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct declared_object {
	uintptr_t block; /* where it begins */
	uintptr_t at;	 /* the address that references have, in the block */
	int64_t count;	 /* references counted on it; above 0 */
	int64_t weak;	 /* of those: weak ones, which look like the others */
	uint32_t flags;	 /* enum declared_flag, the first of them */
};

int declare_object(const struct declared_object *object)
	__attribute__((warn_unused_result));
/* Needs nothing; but before links that lie in the part. */
int declare_part(uintptr_t block, uintptr_t owner)
	__attribute__((warn_unused_result));
/* The same for a part of which no word is a pointer but its links: all others
 * are numbers, or old. */
int declare_part_leaf(uintptr_t block, uintptr_t owner)
	__attribute__((warn_unused_result));
/* The same for a part to which no word of the object need lead: its runtime
 * knows that it belongs to it. Words of other memory that lead to it are old,
 * and hold nothing. */
int declare_part_apart(uintptr_t block, uintptr_t owner)
	__attribute__((warn_unused_result));
/* A part that is laid out as an object: references to it have the address `at`.
 * listed: DECLARED_LISTED. */
int declare_part_object(uintptr_t block, uintptr_t owner, uintptr_t at,
			bool listed) __attribute__((warn_unused_result));
/* A part apart in which any word may be a reference, as in the memory of C. */
int declare_part_loose(uintptr_t block, uintptr_t owner)
	__attribute__((warn_unused_result));
/* `from`: the block of the object that holds the reference. `at`: the address
 * of the word, in that block or in a part that was declared; 0: unknown. `to`:
 * any address in the target's block; where it is in none (a static object), the
 * link is none. Any order; it costs least when links come in order of `from`
 * and `at`. A word is counted once, however often it is declared. 0 or
 * -ENOMEM. */
int declare_link(uintptr_t from, uintptr_t at, uintptr_t to)
	__attribute__((warn_unused_result));
/* A block of pointers of 32 bits, which may have tags: GHashTable's keys. They
 * hold as words do. */
int declare_halves(uintptr_t block) __attribute__((warn_unused_result));
/* The words of [low, high), in roots or in blocks, own nothing. 0 or
 * -ENOMEM. */
int declare_weak(uintptr_t low, uintptr_t high)
	__attribute__((warn_unused_result));
/* The same for words that hold while the memory in which they are is live, but
 * explain no count, and close no cycle. 0 or -ENOMEM. */
int declare_borrowed(uintptr_t low, uintptr_t high)
	__attribute__((warn_unused_result));

/* The block is live, whatever leads to it. */
void declare_live(uintptr_t block);

/*
 * For runtime.h.
 */

/* What follows is declared by the runtime of that number. declare_forget():
 * nothing of what was declared since counts. */
void declare_begin(uint32_t runtime);
void declare_forget(void);
/* Nothing more is declared. 0 or -ENOMEM. */
int declare_end(struct arena *arena) __attribute__((warn_unused_result));

#endif
