/* See leads.h. */
#include "base/likely.h"
#include "base/rows.h"
#include "scan/declared.h"
#include "scan/leads.h"
#include "scan/links.h"
#include "scan/unowned.h"

bool lead_is_exact(uintptr_t word, uintptr_t block)
{
	uint32_t number;

	if (word == block || likely(!declared_exist))
		return word == block;
	number = declared_find(block);
	return number != DECLARED_NONE &&
	       declared[number].flags & DECLARED_EXACT &&
	       lead_is_reference(&declared[number], word);
}

/* Whether a link is declared for the word. */
static bool is_link(uint32_t from, uintptr_t at)
{
	struct links links = links_of(from);
	uint64_t offset = at - declared[from].block;
	uint32_t i = rows_find(links.list, sizeof *links.list, links.n,
			       offset << 32);

	return offset < UINT32_MAX && i < links.n &&
	       links.list[i] >> 32 == offset;
}

static uint32_t object_of(uint32_t i)
{
	return declared[i].flags & DECLARED_PART ? (uint32_t)declared[i].owner
						 : i;
}

enum lead lead_of(uint32_t from, uintptr_t at, uintptr_t word, uintptr_t block)
{
	uint32_t to = declared_find(block);

	if ((from != DECLARED_NONE && is_link(from, at)) ||
	    unowned_is_borrowed(at))
		return LEAD_NONE;
	if (from != DECLARED_NONE && declared[from].flags & DECLARED_LEAF)
		return to != DECLARED_NONE &&
				       declared[to].flags & DECLARED_PART &&
				       object_of(to) == object_of(from)
			       ? LEAD_PART
			       : LEAD_NONE;
	if (to == DECLARED_NONE || declared[to].flags & DECLARED_PLAIN)
		return LEAD_WORD;
	if (declared_is_listed(&declared[to], word))
		return LEAD_NONE;
	if (to == from && word != block + declared[to].at) /* its own data */
		return declared[to].flags & DECLARED_HIDDEN ? LEAD_BESIDE
							    : LEAD_NONE;
	if (declared[to].flags & DECLARED_PART && from != DECLARED_NONE &&
	    object_of(from) == object_of(to))
		return LEAD_PART;
	if (declared[to].flags & DECLARED_APART ||
	    (from != DECLARED_NONE && declared_tells_all(&declared[from])))
		return LEAD_NONE;
	if (lead_is_reference(&declared[to], word))
		return LEAD_WORD;
	return declared[to].flags & DECLARED_HIDDEN ? LEAD_BESIDE : LEAD_NONE;
}

void leads_each(uint32_t from, lead_fn *visit, void *data)
{
	struct links links = links_of(from);
	uint32_t i;

	for (i = 0; i < links.n; i++) {
		uint32_t to = link_to(links.list[i]);

		if (!(declared[to].flags & DECLARED_PART) ||
		    declared[to].flags & DECLARED_APART)
			visit(link_at(links.list[i], declared[from].block),
			      declared[to].block, data);
	}
}
