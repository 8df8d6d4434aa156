/*
 * What runtimes have declared of the blocks of the snapshot (declare.h).
 *
 * An object is a block with a count. A part is a block that belongs to one
 * object, and whose references are all told as links: a list's items. A whole
 * object is one all of whose references are told as links: its other words that
 * lead to objects own nothing. Of other objects, and of all blocks that are not
 * declared, any word may be a reference.
 *
 * Declared blocks have numbers, in order of address. Where a block begins has a
 * bit in the cells of its sheet (sheet.h), so that a block's number is found by
 * a few looks.
 *
 * Snapshot child only.
 */
#ifndef DECLARED_H
#define DECLARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/bits.h"
#include "scan/blocks_build.h"
#include "scan/sheet.h"

struct arena;

enum declared_flag {
	/* Told by runtimes: */
	DECLARED_WHOLE = 1, /* all its references are told as links */
	DECLARED_EXACT = 2, /* only a word that is `at` can be a reference */
	DECLARED_COLLECTED = 4, /* a collector that is on sees it, and can free
				   it */
	DECLARED_HIDDEN = 8,	/* not all references may be seen: a count that
				   is too high proves no excess */
	DECLARED_LISTED = 64,	/* words to 16 bytes before `at` are of a
				   collector's list, and own nothing */
	DECLARED_LEAF = 512,	/* a whole object or a part whose words are no
				   pointers, but to parts, and links: text,
				   numbers, tables */
	/* Not told: */
	DECLARED_PART = 16,
	DECLARED_PLAIN = 32,	/* it only has links, or links lead to it */
	DECLARED_APART = 128,	/* a part to which no word of its object leads,
				  and no other word may */
	DECLARED_LOOSE = 256,	/* a part whose words may be references, told or
				   not */
	DECLARED_HALVES = 1024, /* a plain block of pointers of 32 bits */
	DECLARED_UNDECIDED = 2048, /* a word may be a weak reference
				      (undecided.h) */
	DECLARED_MAYBE = 4096, /* told: nobody knows whether it is an object.
				  What would prove it dead makes it
				  undecided */
};

#define DECLARED_NONE UINT32_MAX

struct declared {
	uintptr_t block;
	union {
		int64_t count;	/* of an object */
		uint64_t owner; /* of a part: the number of its object */
	};
	uint32_t at; /* offset of the address that references have */
	uint16_t flags;
	uint16_t runtime; /* number */
};

/* Whether anything was declared: if not, nothing below need be asked. */
extern bool declared_exist;
extern struct declared *declared; /* by number */
extern uint32_t declared_n;

/* The number of a block, or DECLARED_NONE. */
static inline uint32_t declared_find(uintptr_t block)
{
	const struct sheet *sheet = blocks_sheet(block);
	uint32_t at;
	uint64_t bit;

	if (!sheet->told)
		return DECLARED_NONE;
	at = (block - sheet->address) >> sheet->granule;
	bit = 1ul << at % 64;
	if (!(sheet->told[at / 64].is & bit))
		return DECLARED_NONE;
	return sheet->told[at / 64].before +
	       (uint32_t)count_bits(sheet->told[at / 64].is & (bit - 1));
}

/* Whether all that a block owns is told as links. */
bool declared_is_whole(uintptr_t block);
/* Whether references to the object in a block have that address. */
bool declared_is_at(uintptr_t block, uintptr_t word);

/* Whether all references in a block are told as links. */
static inline bool declared_tells_all(const struct declared *d)
{
	return d->flags & DECLARED_WHOLE ||
	       (d->flags & (DECLARED_PART | DECLARED_LOOSE)) == DECLARED_PART;
}

/* Whether a word that leads to a block is one of a collector's list. */
#define DECLARED_LIST_HEAD 16
static inline bool declared_is_listed(const struct declared *d, uintptr_t word)
{
	return d->flags & DECLARED_LISTED &&
	       word == d->block + d->at - DECLARED_LIST_HEAD;
}

/*
 * For declare.h.
 */

/* One more, with a part's owner as an address. 0; -EINVAL: there is no such
 * block, or it is there already; or -ENOMEM. */
int declared_add(const struct declared *new)
	__attribute__((warn_unused_result));
bool declared_is_added(uintptr_t block);
/* How many were added; takes out all but the first n. */
uint32_t declared_added(void);
void declared_forget(uint32_t n);
/* Calls visit for the owner of each part, until it returns an error, which is
 * returned. It may add some. */
int declared_owners(int (*visit)(uintptr_t block))
	__attribute__((warn_unused_result));
/* After the last: gives each its number. 0 or -ENOMEM. */
int declared_number(struct arena *arena) __attribute__((warn_unused_result));

#endif
