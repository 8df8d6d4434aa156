/*
 * See site_walk.h.
 */
#include <string.h>

#include "model/memory.h"
#include "model/type.h"
#include "site/site_walk.h"

#define CANDIDATES_MAX 256
#define COOKIE 8 /* before an array that "new" made */

/* What a function was given may be a part only. */
static bool is_given(enum source source)
{
	return source == SOURCE_CONSTRUCTOR || source == SOURCE_PARAMETER;
}

static bool says_more(enum source known, enum source other)
{
	return known <= other && (!is_given(known) || is_given(other));
}

static bool is_known(const struct walk *walk, const struct candidate *other)
{
	size_t i;

	for (i = 0; i < walk->n; i++)
		if (walk->candidates[i].type == other->type &&
		    says_more(walk->candidates[i].source, other->source) &&
		    walk->candidates[i].offset == other->offset &&
		    walk->candidates[i].is_either <= other->is_either)
			return true;
	return false;
}

void candidate_add(struct walk *walk, const struct candidate *candidate)
{
	const struct type *type = candidate->type;
	struct candidate *larger;

	if (!type || !type->size ||
	    (candidate->offset && candidate->offset != COOKIE) ||
	    is_known(walk, candidate) || walk->n == CANDIDATES_MAX)
		return;
	if (walk->n == walk->room) {
		walk->room = walk->room ? 2 * walk->room : 4;
		larger = report_take(walk->report, walk->room, sizeof(*larger));
		if (walk->n)
			memcpy(larger, walk->candidates,
			       walk->n * sizeof(*larger));
		walk->candidates = larger;
	}
	walk->candidates[walk->n++] = *candidate;
}
