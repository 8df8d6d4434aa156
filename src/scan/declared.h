/*
 * What runtimes declare of the blocks of the snapshot.
 *
 * An object is a block with a count. A link is a word that holds one counted
 * reference. A part is a block that belongs to one object, and whose references
 * are all told as links: a list's items. A whole object is one all of whose
 * references are told as links: its other words that lead to objects own
 * nothing. Of other objects, and of all blocks that are not declared, any word
 * may be a reference.
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
	DECLARED_LISTED = 256,	/* words to 16 bytes before `at` are of a
				   collector's list, and own nothing */
	DECLARED_LEAF = 512, /* a whole object whose words are no pointers, but
				to its parts: text, numbers */
	/* Not told: */
	DECLARED_PART = 16,
	DECLARED_PLAIN = 32,  /* it only has links, or links lead to it */
	DECLARED_APART = 128, /* a part to which no word of its object leads,
				and no other word may */
	DECLARED_LOOSE = 256, /* a part whose words may be references, told or
				 not */
};

struct declared_object {
	uintptr_t block; /* where it begins */
	uintptr_t at;	 /* the address that references have, in the block */
	int64_t count;	 /* references counted on it; above 0 */
	uint32_t flags;	 /* enum declared_flag, the first of them */
};

/*
 * In a runtime's declare(). 0; -ENOMEM; or -EINVAL: there is no such block, or
 * it was declared before. Nothing is declared then, and the runtime may go on.
 */

int declare_object(const struct declared_object *object)
	__attribute__((warn_unused_result));
/* Needs nothing; but before links that lie in the part. */
int declare_part(uintptr_t block, uintptr_t owner)
	__attribute__((warn_unused_result));
/* The same for a part to which no word of the object need lead: its runtime
 * knows that it belongs to it. Words of other memory that lead to it are old,
 * and hold nothing. */
int declare_part_apart(uintptr_t block, uintptr_t owner)
	__attribute__((warn_unused_result));
/* A part that is in a collector's list like an object: DECLARED_LISTED. */
int declare_part_listed(uintptr_t block, uintptr_t owner, uintptr_t at)
	__attribute__((warn_unused_result));
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
/* The words of [low, high), in roots or in blocks, own nothing. 0 or
 * -ENOMEM. */
int declare_weak(uintptr_t low, uintptr_t high)
	__attribute__((warn_unused_result));
/* The same for words that hold while the memory in which they are is live, but
 * explain no count, and close no cycle. 0 or -ENOMEM. */
int declare_borrowed(uintptr_t low, uintptr_t high)
	__attribute__((warn_unused_result));

/*
 * For runtimes.h.
 */

/* What follows is declared by the runtime of that number. declared_forget():
 * nothing of what was declared since counts. */
int declared_begin(uint32_t runtime) __attribute__((warn_unused_result));
void declared_forget(void);
/* Nothing more is declared. 0 or -ENOMEM. */
int declared_complete(struct arena *arena) __attribute__((warn_unused_result));

/*
 * The rest of the scan.
 */

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
extern bool declared_weak_exist, declared_borrowed_exist;
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

/* The links that lie in a declared block: its object's, or its own. */
struct declared_links {
	const uint64_t *list;
	uint32_t n;
};
struct declared_links declared_links(uint32_t number);
/* Of a link: the number to which it leads; the address of its word, 0: it is
 * unknown. */
static inline uint32_t declared_link_to(uint64_t link)
{
	return (uint32_t)link;
}
static inline uintptr_t declared_link_at(uint64_t link, uintptr_t block)
{
	return link >> 32 == UINT32_MAX ? 0 : block + (link >> 32);
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

bool declared_is_weak(uintptr_t at);
bool declared_is_borrowed(uintptr_t at);

#endif
