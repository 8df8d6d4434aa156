/*
 * Objects of which shared and weak references look alike, where both are
 * counted. Live memory has as many words that lead to such an object as it has
 * weak references, and all others are in blocks that only such objects hold.
 * Then it is either dead, and the words of live memory are the weak ones; or it
 * is live, and the weak ones are inside. Only the types of the fields tell, and
 * those the command knows. So such objects, and all that they hold, are live
 * for everything else, and are reported apart (apart.h).
 *
 * A word on a stack or in a register may be a reference that is not counted
 * yet. What it leads to is live.
 *
 * Snapshot child only.
 */
#ifndef UNDECIDED_H
#define UNDECIDED_H

#include <stdbool.h>
#include <stdint.h>

/* Where more blocks wait, all are live: they would be read a second time. */
#define UNDECIDED_MOST (1ul << 18)

/*
 * For declare.h, before anything is marked.
 */

/* A block that has so many references of either kind; weak: above 0. 0 or
 * -ENOMEM. */
int undecided_add(uintptr_t block, int64_t shared, int64_t weak)
	__attribute__((warn_unused_result));
/* How many were added; takes out all but the first n. */
uint32_t undecided_added(void);
void undecided_forget(uint32_t n);
/* After the last. */
void undecided_sort(void);

/*
 * For judged.h, while live memory is read.
 */

/* A word of live memory leads to such an object. passing: it is of a stack or
 * register, or something else than a word. False: it is to be marked. */
bool undecided_waits(uintptr_t block, bool passing);
/* The same for one that can be no reference to it, of an object that may be
 * none. */
bool undecided_is_touched(uintptr_t block, bool passing);
/* The same for a word that makes only a suspect. True: the object waits. */
bool undecided_is_doubted(uintptr_t block);
/* A word of a block that is not marked leads to one. own: the block is what the
 * object owns. */
void undecided_count(uintptr_t block, bool own);

/*
 * For reach.h, when all is marked that is known to be live.
 */

/* Whether an object waits. */
bool undecided_any(void);
/* No object waits any longer. */
void undecided_stop(void);
/* After undecided_count() for each word. Calls enter for the objects that wait
 * and are live: they are to be marked, with what they hold. False: there was
 * none. */
bool undecided_enter(void (*enter)(uintptr_t block));
/* Nothing more is known to be live: calls enter for all that still wait. */
void undecided_enter_rest(void (*enter)(uintptr_t block));

/* Of an object that still waited in the end: how many words of blocks that are
 * undecided, too, are references to it; -1: it is none. */
int64_t undecided_words(uintptr_t block);

#endif
