/*
 * See private.h. A name tells, or the constructor that made it.
 */
#include <string.h>

#include "meaning/blocks.h"
#include "meaning/constructor.h"
#include "meaning/cxxname.h"
#include "meaning/private.h"
#include "model/model.h"

/* "ClubPrivate", "Club::Impl", "club_priv": the names of private halves. */
static bool is_private_name(const struct member *owner,
			    const struct member *part)
{
	static const char *const whole[] = {"Private", "Impl", "PImpl",
					    "Pimpl"};
	static const char *const ends[] = {"Private",  "Impl",	"PImpl",
					   "_private", "_priv", "_impl",
					   "_Private", "Pimpl"};
	struct piece name = cxx_last(part->type ? part->type : "");
	struct piece of = cxx_last(owner->type ? owner->type : "");
	size_t i;

	for (i = 0; i < sizeof(whole) / sizeof(*whole); i++)
		if (name.n == strlen(whole[i]) &&
		    !memcmp(name.text, whole[i], name.n))
			return true;
	if (piece_ends(name, "Private") && of.n)
		return true;
	for (i = 0; of.n && i < sizeof(ends) / sizeof(*ends); i++)
		if (name.n == of.n + strlen(ends[i]) &&
		    !memcmp(name.text, of.text, of.n) &&
		    piece_ends(name, ends[i]))
			return true;
	return false;
}

/* Whether the block counts a reference on its holder, as no private half
 * does. */
static bool counts_on(const struct blocks *blocks, size_t i, size_t holder)
{
	size_t w;

	for (w = blocks->first[i]; w < blocks->first[i + 1]; w++) {
		const struct edge *edge = &blocks->words[w].edge;

		if (blocks->owner[edge->to] == holder &&
		    edge->ownership == OWN_COUNTED)
			return true;
	}
	return false;
}

static bool is_same_class(const struct member *a, const struct member *b)
{
	if (a->type && b->type)
		return !strcmp(a->type, b->type);
	return a->rtti && b->rtti && !strcmp(a->rtti, b->rtti);
}

bool private_is(const struct blocks *blocks, size_t holder, size_t i)
{
	const struct member *owner = block_member(blocks, holder);
	const struct member *part = block_member(blocks, i);
	bool sure;

	if (counts_on(blocks, i, holder) || is_same_class(owner, part))
		return false;
	if (is_private_name(owner, part))
		return true;
	return constructor_made(owner, part, &sure) &&
	       (sure || (block_is_virtual(blocks, holder) &&
			 block_leads_to(blocks, i, holder)));
}
