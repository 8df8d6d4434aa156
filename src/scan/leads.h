/*
 * Where the words of a block lead, when runtimes have declared objects. Both
 * the graph and what is shown of it have to read a block in one way: words,
 * halves, offsets, then links.
 *
 * Snapshot child only.
 */
#ifndef LEADS_H
#define LEADS_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/declared.h"

enum lead {
	LEAD_NONE, /* the word owns nothing, or is a link, which comes later */
	LEAD_WORD, /* it may be a reference */
	LEAD_PART, /* to a part of the same object */
	LEAD_BESIDE, /* it explains no count, but mostly stands beside a word
			that does: an edge with it */
};

#define LEAD_TAGS 7ul /* bits that a runtime may keep in a pointer */

/* Whether a word that leads to an object, or to a part, may be a reference to
 * it. */
static inline bool lead_is_reference(const struct declared *object,
				     uintptr_t word)
{
	return !(object->flags & DECLARED_EXACT) ||
	       (word & ~LEAD_TAGS) == object->block + object->at;
}

/* Whether a word leads to the first byte of a block, or to where references to
 * its object lead. */
bool lead_is_exact(uintptr_t word, uintptr_t block);

/* Of the word at that address, in a block with that number (or DECLARED_NONE),
 * which leads to a block that begins there. */
enum lead lead_of(uint32_t from, uintptr_t at, uintptr_t word, uintptr_t block);

/* Calls visit for each link of a block to an object, or to a part apart: at
 * which address the word is (0: unknown), and the block to which it leads. */
typedef void lead_fn(uintptr_t at, uintptr_t block, void *data);
void leads_each(uint32_t from, lead_fn *visit, void *data);

#endif
