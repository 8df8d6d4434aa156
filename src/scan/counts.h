/*
 * What the macros told, laid over the blocks of the snapshot: which blocks are
 * objects, what they count, which words are fields with a name, and which
 * objects are dead by trial deletion although something points at them.
 *
 * Snapshot child only.
 */
#ifndef COUNTS_H
#define COUNTS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "refs/refs.h"

#define CANDIDATE_NONE UINT32_MAX

/* Needs blocks_build(). 0 or -ENOMEM. */
int counts_build(struct arena *arena) __attribute__((warn_unused_result));

/* The references counted on all objects of a block; -1: it has no objects. */
int64_t counts_of(uintptr_t block);
/* The first object in a block, counted or only named; NULL: it has none. */
const struct ref_object *counts_object(uintptr_t block);
/* The field at that address; NULL when the macros named none there. */
const struct ref_slot *counts_slot(uintptr_t at);
bool counts_is_weak(uintptr_t at);
/* Whether a field of that name mostly points back at what holds its owner. */
bool counts_is_back(const char *field);

/* Candidates for trial deletion: objects with a count, and plain blocks that
 * own links. There are none when no link leads from block to block. */
struct candidates {
	uint32_t n;
	uintptr_t *block; /* ascending */
	int64_t *count;	  /* -1: a plain block */
};
const struct candidates *counts_candidates(void);
uint32_t counts_candidate(uintptr_t block); /* its number, or
					       CANDIDATE_NONE */
/* Keeps a candidate live, whatever the counts say. */
void counts_keep(uint32_t candidate);
bool counts_has_slots(void);
bool counts_has_weak(void);
/* Whether a field of the block is linked to the block itself. */
bool counts_links_itself(uintptr_t block);
/* Fills which candidates are dead. outside is as in trial.h. May be called
 * again. */
int counts_trial(const bool *outside, bool *dead, struct arena *arena)
	__attribute__((warn_unused_result));

#endif
