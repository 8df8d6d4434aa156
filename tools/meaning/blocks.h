/*
 * The sample of a finding as a graph of blocks, while it is put into words: its
 * members with the words that lead from one to another. Pure: it needs no file,
 * no process, no clock.
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <obstack.h>
#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"

#define NOBODY SIZE_MAX

enum role {
	WORD_PLAIN,  /* a reference */
	WORD_SECOND, /* the second word of a smart pointer */
	WORD_INSIDE, /* from or to a part, inside of one object */
};

struct word {
	struct edge edge;
	enum role role;
};

struct blocks {
	struct report *report;
	struct finding *finding;
	struct obstack memory; /* for what is needed until blocks_close() */
	size_t n, words_n;
	struct word *words; /* by block, then by offset */
	size_t *first;	    /* of block i: words first[i] to first[i + 1] */
	/* The object to which a block belongs: itself, or, of a part, the
	 * object of which it is one. */
	size_t *owner;
	bool *is_control; /* it counts for a shared_ptr, apart from its object
			   */
	bool *is_private; /* a part that its owner's constructor made */
};

void blocks_open(struct blocks *blocks, struct report *report,
		 struct finding *finding);
void blocks_close(struct blocks *blocks);
/* Zeroed, until blocks_close(). */
void *blocks_take(struct blocks *blocks, size_t n, size_t size);

static inline const struct member *block_member(const struct blocks *blocks,
						size_t i)
{
	return &blocks->finding->members[i];
}

static inline bool block_is_part(const struct blocks *blocks, size_t i)
{
	return blocks->owner[i] != i;
}

/* It has a name or a count of its own: it is no part, whoever points at it. */
bool block_has_identity(const struct blocks *blocks, size_t i);
/* It is an object of a C++ class with virtual functions. */
bool block_is_virtual(const struct blocks *blocks, size_t i);
/* Whether a word leads from the block to another, which may own it. */
bool block_leads_to(const struct blocks *blocks, size_t from, size_t to);
/* It may be a part of another, as far as is known. */
bool block_is_free(const struct blocks *blocks, size_t i);
/* Of each block: the one block that points at it besides itself and its parts;
 * or NOBODY. objects: the one object instead, by its own words or those of its
 * parts. */
const size_t *blocks_holders(struct blocks *blocks, bool objects);
/* Whether a word leads to the beginning of its target, as far as is known. */
static inline bool word_is_exact(const struct word *word)
{
	return word->edge.kind[0] != 'i' && !word->edge.into;
}

#endif
