/*
 * What counts say of declared objects. Marking stops at an object all of whose
 * count is explained by declared links: words that lead to it may own nothing
 * (a registry's, a borrowed pointer). Such an object is live only when a live
 * object's link leads to it. Of one whose count is not explained, any word
 * of live memory may be the rest.
 *
 * Snapshot child only.
 */
#ifndef JUDGED_H
#define JUDGED_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* Needs counts_build(). What macros count is left to them. 0 or -ENOMEM. */
int judged_begin(struct arena *arena) __attribute__((warn_unused_result));

/* Of a word of live memory: whether it is in a whole object or in a part. */
#define JUDGED_WHOLE (1ul << 63)
/* Whether it is a link. */
#define JUDGED_LINK (1ul << 62)
/* Whether it is on a stack or in a register. */
#define JUDGED_PASSING (1ul << 61)
/* Whether it makes only a suspect. */
#define JUDGED_DOUBTED (1ul << 60)
/* A word of live memory leads to the block. `at`: its address, with the bits
 * above. `word`: what it is; 0: a reference, in some other form. What is to be
 * marked: the block, or the object of which it is a part, or BLOCK_NONE. */
uintptr_t judged_mark(uintptr_t block, uintptr_t word, uintptr_t at);

/* Counts for undecided.h what words of a block that is not marked lead to. */
void judged_tell(uintptr_t block);

/* When everything is marked that is known to be held: words of blocks that are
 * not marked explain counts, too, where live memory has nothing but words that
 * can be no references. judged_try(): whether there are such objects; 0 or
 * -ENOMEM. Then judged_credit() for each block that is not marked, and
 * judged_enter(): calls enter for the objects whose counts remain unexplained.
 * They are to be marked. */
int judged_try(bool *some, struct arena *arena)
	__attribute__((warn_unused_result));
void judged_credit(uintptr_t block);
void judged_enter(void (*enter)(uintptr_t block));

/* When nothing more is marked: finds what a collector will free. 0 or
 * -ENOMEM. */
int judged_end(struct arena *arena) __attribute__((warn_unused_result));
/* Whether a declared object is not reached. */
bool judged_any(void);

/* Of a block that is not marked: enum node_flag. */
uint8_t judged_flags(uintptr_t block);
/* Its count, when one that no reference explains would be an excess; -1. */
int64_t judged_count(uintptr_t block);
/* Of a block that is undecided: how many words of others are references to it;
 * -1: it is not known. */
int64_t judged_words(uintptr_t block);

#endif
