/*
 * See site_choose.h. The usual mistake would be the base for what is derived
 * from it: the size decides, and of those that fit, the one that holds the
 * others.
 */
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "model/model.h"
#include "model/type.h"
#include "debug/entry.h"
#include "site/site_answer.h"
#include "site/site_choose.h"
#include "site/site_derived.h"
#include "site/site_evidence.h"
#include "site/site_fit.h"
#include "site/site_found.h"
#include "site/site_walk.h"

#define HEADER_MAX 256 /* bytes: what begins later was cut from a pool */

static unsigned first_depth(const struct found *found, size_t n)
{
	unsigned first = UINT32_MAX;
	size_t i;

	for (i = 0; i < n; i++)
		if (found[i].candidate.source <= SOURCE_MEMBER &&
		    found[i].depth < first)
			first = found[i].depth;
	return first;
}

/* The least is best. */
static unsigned rank(const struct found *found, unsigned first)
{
	bool is_outer = found->depth > first;

	switch (found->candidate.source) {
	case SOURCE_TEMPLATE:
		return 0;
	case SOURCE_CONSTRUCTOR:
		return 1;
	case SOURCE_VARIABLE:
		return is_outer ? 4 : 2;
	case SOURCE_MEMBER:
		return is_outer ? 5 : 3;
	case SOURCE_RETURN:
		return 6;
	default:
		return 7;
	}
}

/* What the standard library consists of inside is no block by itself, unless
 * the library asks for it by its type. */
static bool is_inside(const struct candidate *candidate)
{
	const char *full = candidate->type->full;

	return candidate->source != SOURCE_TEMPLATE && full &&
	       !strncmp(full, "std::__", 7) &&
	       strncmp(full, "std::__cxx11::", 14);
}

/* A union has a pointer to another type of which the same can be said. */
static bool is_unclear(const struct found *found, size_t n, uint64_t size,
		       fits_fn *fits, const struct found *best)
{
	size_t i;

	for (i = 0; best->candidate.is_either && i < n; i++)
		if (found[i].candidate.is_either &&
		    found[i].depth == best->depth &&
		    found[i].candidate.source == best->candidate.source &&
		    !type_is_like(found[i].candidate.type,
				  best->candidate.type) &&
		    fits(&found[i], size))
			return true;
	return false;
}

/* The best of those that fit, or NULL. */
static const struct found *best_of(const struct found *found, size_t n,
				   uint64_t size, fits_fn *fits)
{
	unsigned first = first_depth(found, n);
	const struct found *best = NULL;
	size_t i;

	for (i = 0; i < n; i++)
		if (!is_inside(&found[i].candidate) && fits(&found[i], size) &&
		    (!best || rank(&found[i], first) < rank(best, first)))
			best = &found[i];
	return best && is_unclear(found, n, size, fits, best) ? NULL : best;
}

/* The only type of that size that begins with what was found. */
static bool derived_choose(const struct found *found, uint64_t size,
			   struct site *site)
{
	const struct type *type;

	/* C++ compilers leave types out of which only "new" speaks. */
	if (found->candidate.type->language == LANGUAGE_CXX ||
	    derived_find(found->candidate.type, size, &type) != 1)
		return false;
	site->type = type;
	site->from = TYPE_FROM_DEBUG;
	return true;
}

static enum type_from from_of(const struct found *found)
{
	return found->candidate.source == SOURCE_TEMPLATE ? TYPE_FROM_TEMPLATE
							  : TYPE_FROM_DEBUG;
}

/* The frame nearest to the allocator where a constructor made that type. */
static unsigned constructed_depth(const struct found *found, size_t n,
				  const struct type *type)
{
	unsigned depth = UINT32_MAX;
	size_t i;

	for (i = 0; i < n; i++)
		if (found[i].candidate.source == SOURCE_CONSTRUCTOR &&
		    !found[i].candidate.offset && !found[i].base &&
		    found[i].depth < depth &&
		    type_is_like(found[i].candidate.type, type))
			depth = found[i].depth;
	return depth;
}

static bool is_nearer(const struct found *found, unsigned depth)
{
	return found->depth < depth ||
	       (found->depth == depth &&
		found->candidate.source <= SOURCE_MEMBER);
}

/* Of those that fit as a whole, the one that holds the others. Where one was
 * constructed, callers may take it for what is derived from it, and is as
 * large. */
static const struct found *outermost(const struct found *found, size_t n,
				     uint64_t size, const struct found *best)
{
	unsigned last = constructed_depth(found, n, best->candidate.type);
	size_t i;

	for (i = 0; i < n; i++)
		if (fits_whole(&found[i], size) && is_nearer(&found[i], last) &&
		    found[i].candidate.source <= SOURCE_RETURN &&
		    !found[i].candidate.type->is_union &&
		    type_begins(found[i].candidate.type, best->candidate.type))
			best = &found[i];
	return best;
}

/* Nothing else of that size has a claim as good. */
static bool is_alone(const struct found *found, size_t n, uint64_t size,
		     const struct found *best)
{
	const struct type *type = best->candidate.type;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct type *other = found[i].candidate.type;

		if (fits_whole(&found[i], size) &&
		    found[i].candidate.source <= SOURCE_RETURN &&
		    !type_is_like(other, type) && !type_begins(type, other))
			return false;
	}
	return best->candidate.source <= SOURCE_RETURN;
}

static void array_set(struct site *site, const struct found *found,
		      uint64_t bytes)
{
	const struct type *type = found->candidate.type;

	site->from = from_of(found);
	site->at = (uint64_t)found->candidate.offset;
	site->type = type;
	if (says_usable(found, bytes) &&
	    usable_size(bytes - type->size) == bytes)
		site->type = type_array(type, 0); /* so many, or one less */
	else if (bytes >= 2 * type->size)
		site->type = type_array(type, bytes / type->size);
	site->is_sure = found->many || found->candidate.offset ||
			evidence_counts(found, type->size);
}

static bool cookie_choose(const struct found *found, size_t n, uint64_t size,
			  struct site *site)
{
	const struct found *best = best_of(found, n, size, fits_cookie);

	if (best)
		array_set(site, best, size - 8);
	return best;
}

static bool longer_choose(const struct found *found, size_t n, uint64_t size,
			  struct site *site)
{
	const struct found *best = best_of(found, n, size, fits_longer);

	if (!best)
		return false;
	site->type = best->candidate.type;
	site->from = from_of(best);
	site->has_more = true;
	return true;
}

static bool whole_choose(const struct found *found, size_t n, uint64_t size,
			 struct site *site)
{
	const struct found *best = best_of(found, n, size, fits_whole);

	if (!best && (best = best_of(found, n, size, fits_rounded)))
		size = best->candidate.type->size;
	if (!best)
		return false;
	best = outermost(found, n, size, best);
	site->type = best->candidate.type;
	site->from = from_of(best);
	site->is_sure = is_alone(found, n, size, best);
	return true;
}

/* Something longer was seen as well that begins with it. */
static bool is_start_of_longer(const struct found *found, size_t n,
			       uint64_t size, const struct found *best)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (fits_longer(&found[i], size) &&
		    found[i].candidate.source <= SOURCE_RETURN &&
		    type_begins(found[i].candidate.type, best->candidate.type))
			return true;
	return false;
}

static bool array_choose(const struct found *found, size_t n, uint64_t size,
			 struct site *site)
{
	const struct found *best = best_of(found, n, size, fits_array);

	if (!best || is_start_of_longer(found, n, size, best))
		return false;
	array_set(site, best, size);
	return true;
}

static bool row_choose(const struct found *found, size_t n, uint64_t size,
		       struct site *site)
{
	const struct found *best = best_of(found, n, size, fits_row);

	if (!best)
		return false;
	array_set(site, best, size);
	site->is_sure = false;
	return true;
}

/* What begins behind a header that the function which allocates keeps for
 * itself, as if that were where the block begins. */
static bool behind_choose(const struct found *found, size_t n, uint64_t size,
			  struct site *site)
{
	struct found *shifted = calloc(n, sizeof(*shifted));
	int64_t base = 0;
	size_t i, k = 0;
	bool chosen;

	if (!shifted)
		die(STATUS_FAILED, "out of memory");
	for (i = 0; i < n; i++) {
		if (!base && found[i].base > 0 && found[i].base <= HEADER_MAX &&
		    (uint64_t)found[i].base < size)
			base = found[i].base;
		if (!base || found[i].base != base)
			continue;
		shifted[k] = found[i];
		shifted[k].is_guarded = true;
		shifted[k].before = (uint64_t)base;
		shifted[k++].base = 0;
	}
	size -= (uint64_t)base;
	chosen = k && (whole_choose(shifted, k, size, site) ||
		       array_choose(shifted, k, size, site) ||
		       longer_choose(shifted, k, size, site) ||
		       row_choose(shifted, k, size, site));
	site->at = (uint64_t)base;
	site->is_sure = false;
	free(shifted);
	return chosen;
}

/* What is less certain. */
static bool others_choose(const struct found *found, size_t n, uint64_t size,
			  struct site *site)
{
	const struct found *best = best_of(found, n, size, fits_base);

	if (best && derived_choose(best, size, site))
		return true;
	if (row_choose(found, n, size, site))
		return true;
	if (!(best = best_of(found, n, size, fits_text)))
		return false;
	array_set(site, best, size);
	site->is_sure = false;
	return true;
}

bool site_choose(const struct found *found, size_t n, uint64_t size,
		 struct site *site)
{
	memset(site, 0, sizeof(*site));
	return size && n &&
	       (whole_choose(found, n, size, site) ||
		array_choose(found, n, size, site) ||
		cookie_choose(found, n, size, site) ||
		longer_choose(found, n, size, site) ||
		behind_choose(found, n, size, site) ||
		others_choose(found, n, size, site));
}
