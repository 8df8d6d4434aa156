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
#include "types/entry.h"
#include "types/site_answer.h"
#include "types/site_choose.h"
#include "types/site_derived.h"
#include "types/site_evidence.h"
#include "types/site_found.h"
#include "types/site_walk.h"

static bool is_byte(const struct type *type)
{
	return type->kind == TYPE_SCALAR && type->size == 1;
}

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

typedef bool fits_fn(const struct found *found, uint64_t size);

/* What the standard library consists of inside is no block by itself, unless
 * the library asks for it by its type. */
static bool is_inside(const struct candidate *candidate)
{
	const char *full = candidate->type->full;

	return candidate->source != SOURCE_TEMPLATE && full &&
	       !strncmp(full, "std::__", 7) &&
	       strncmp(full, "std::__cxx11::", 14);
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
	return best;
}

/* A class without fields, which has one byte. */
static bool is_empty(const struct type *type)
{
	return type->kind == TYPE_RECORD && type->size <= 1;
}

static bool fits_whole(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type;

	return !found->is_first && !found->base && !found->candidate.offset &&
	       type->size == size && !is_byte(type) && type->kind != TYPE_CODE;
}

/* What malloc_usable_size() of glibc says of a block of that size. */
static uint64_t usable(uint64_t size)
{
	uint64_t chunk = (size + 8 + 15) & ~15ull;

	return (chunk < 32 ? 32 : chunk) - 8;
}

static bool fits_rounded(const struct found *found, uint64_t size)
{
	uint64_t own = found->candidate.type->size;

	return found->is_rounded && own < size && usable(own) == size &&
	       fits_whole(found, own);
}

/* How many elements the block has; 0: it is none of an array. */
static uint64_t elements(const struct found *found, uint64_t size)
{
	uint64_t element = found->candidate.type->size, n = size / element;

	if (!found->is_rounded)
		return size % element ? 0 : n;
	return usable(n * element) == size ? n : 0;
}

static bool is_flexible(const struct type *type)
{
	const struct type_field *last;

	if (type->kind != TYPE_RECORD || type->is_union || !type->fields_n)
		return false;
	last = &type->fields[type->fields_n - 1];
	return last->type && last->type->kind == TYPE_ARRAY &&
	       last->type->length <= 1;
}

static bool is_void_pointer(const struct type *type)
{
	return type->kind == TYPE_POINTER && !type_target(type);
}

/* Several in a row. Of structs that must be evident, since a larger one may
 * begin with this one. */
static bool fits_array(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type;

	if (found->is_first || found->base || found->candidate.offset ||
	    is_byte(type) || is_empty(type) || found->candidate.is_either ||
	    !elements(found, size))
		return false;
	if (found->many)
		return true;
	if (evidence_counts(found, type->size))
		return !is_flexible(type) || found->is_array;
	return !found->is_one && type->kind != TYPE_RECORD &&
	       !is_void_pointer(type) && type->kind != TYPE_CODE &&
	       !found->is_guarded && found->candidate.source <= SOURCE_MEMBER;
}

/* What "new" made of objects that have a destructor: their number is first. */
static bool fits_cookie(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type;

	return !found->base && found->candidate.offset == 8 &&
	       type->kind == TYPE_RECORD && size > 8 &&
	       !((size - 8) % type->size);
}

static bool fits_longer(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type;

	if (found->base || found->candidate.offset ||
	    type->kind != TYPE_RECORD || found->many ||
	    found->candidate.is_either)
		return false;
	if (is_flexible(type))
		return size >= type->fields[type->fields_n - 1].offset;
	return size > type->size && evidence_sums(found, type->size);
}

static bool fits_text(const struct found *found, uint64_t size)
{
	(void)size;
	return !found->base && !found->candidate.offset &&
	       is_byte(found->candidate.type) && !found->candidate.is_either &&
	       (found->many || !found->is_guarded) &&
	       found->candidate.source <= SOURCE_RETURN;
}

static bool is_base(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type;

	return !found->base && !found->candidate.offset && !found->many &&
	       !found->candidate.is_either && type->kind == TYPE_RECORD &&
	       type->size < size && found->candidate.source <= SOURCE_RETURN;
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

/* Several structs in a row, where nothing of that size begins with one. */
static bool fits_row(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type, *other;

	return is_base(found, size) && !found->is_one && !(size % type->size) &&
	       evidence_constant(found, size) &&
	       !derived_find(type, size, &other);
}

static enum type_from from_of(const struct found *found)
{
	return found->candidate.source == SOURCE_TEMPLATE ? TYPE_FROM_TEMPLATE
							  : TYPE_FROM_DEBUG;
}

/* Of those that fit as a whole, the one that holds the others. */
static const struct found *outermost(const struct found *found, size_t n,
				     uint64_t size, const struct found *best)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (fits_whole(&found[i], size) &&
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
	if (found->is_rounded && usable(bytes - type->size) == bytes)
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

static bool array_choose(const struct found *found, size_t n, uint64_t size,
			 struct site *site)
{
	const struct found *best = best_of(found, n, size, fits_array);

	if (best)
		array_set(site, best, size);
	return best;
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
		if (!base && found[i].base > 0 &&
		    (uint64_t)found[i].base < size)
			base = found[i].base;
		if (!base || found[i].base != base)
			continue;
		shifted[k] = found[i];
		shifted[k].is_guarded = true;
		shifted[k++].base = 0;
	}
	size -= (uint64_t)base;
	chosen = k && (whole_choose(shifted, k, size, site) ||
		       array_choose(shifted, k, size, site) ||
		       longer_choose(shifted, k, size, site));
	site->at = (uint64_t)base;
	site->is_sure = false;
	free(shifted);
	return chosen;
}

/* What is less certain. */
static bool others_choose(const struct found *found, size_t n, uint64_t size,
			  struct site *site)
{
	const struct found *best = best_of(found, n, size, is_base);

	if (best && derived_choose(best, size, site))
		return true;
	if (!(best = best_of(found, n, size, fits_row)) &&
	    !(best = best_of(found, n, size, fits_text)))
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
