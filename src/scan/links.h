/*
 * The links of declared blocks: words that hold one counted reference each, and
 * references whose word is unknown. They are rows, one a declared block, sorted
 * by the words' offsets.
 *
 * Snapshot child only.
 */
#ifndef LINKS_H
#define LINKS_H

#include <stdint.h>

struct arena;

/* The links that lie in a declared block: its object's, or its own. An object's
 * parts are among them, without a word: it holds them. */
struct links {
	const uint64_t *list;
	uint32_t n;
};
struct links links_of(uint32_t number);
/* Of a link: the number to which it leads; the address of its word, 0: it is
 * unknown. */
static inline uint32_t link_to(uint64_t link)
{
	return (uint32_t)link;
}
static inline uintptr_t link_at(uint64_t link, uintptr_t block)
{
	return link >> 32 == UINT32_MAX ? 0 : block + (link >> 32);
}

/*
 * For declare.h.
 */

#define LINK_UNKNOWN UINT32_MAX /* no offset */

/* One more, between blocks. 0 or -ENOMEM. */
int links_add(uintptr_t from, uint32_t offset, uintptr_t to)
	__attribute__((warn_unused_result));
/* How many were added; takes out all but the first n. */
uint32_t links_added(void);
void links_forget(uint32_t n);
/* Calls visit for both ends of each, until it returns an error, which is
 * returned. */
int links_ends(int (*visit)(uintptr_t block))
	__attribute__((warn_unused_result));
/* After declared_number(): makes the rows. 0 or -ENOMEM. */
int links_sort(struct arena *arena) __attribute__((warn_unused_result));

#endif
