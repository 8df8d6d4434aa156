/*
 * See site_fit.h.
 */
#include <string.h>

#include "model/type.h"
#include "debug/entry.h"
#include "site/site_derived.h"
#include "site/site_evidence.h"
#include "site/site_fit.h"
#include "site/site_found.h"
#include "site/site_walk.h"

static bool is_byte(const struct type *type)
{
	return type->kind == TYPE_SCALAR && type->size == 1;
}

/* A class without fields, which has one byte. */
static bool is_empty(const struct type *type)
{
	return type->kind == TYPE_RECORD && type->size <= 1;
}

/* It is what the block begins with, certainly. */
static bool is_start(const struct found *found)
{
	return !found->base && !found->candidate.offset &&
	       !found->candidate.is_either &&
	       found->candidate.source <= SOURCE_RETURN;
}

/* An empty class of the library's is what another class is derived from. */
bool fits_whole(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type;

	if (is_empty(type) && type->full && !strncmp(type->full, "std::", 5))
		return false;
	if (found->candidate.is_either && type->kind != TYPE_RECORD)
		return false; /* text may have four bytes, or eight */
	return !found->is_first && !found->base && !found->candidate.offset &&
	       type->size == size && !is_byte(type) && type->kind != TYPE_CODE;
}

uint64_t usable_size(uint64_t size)
{
	uint64_t chunk = (size + 8 + 15) & ~15ull;

	return (chunk < 32 ? 32 : chunk) - 8;
}

bool says_usable(const struct found *found, uint64_t size)
{
	return found->is_rounded && usable_size(size) == size;
}

bool fits_rounded(const struct found *found, uint64_t size)
{
	uint64_t own = found->candidate.type->size;

	return says_usable(found, size) && own < size &&
	       usable_size(own) == size && fits_whole(found, own);
}

/* How many elements the block has; 0: it is none of an array. */
static uint64_t elements(const struct found *found, uint64_t size)
{
	uint64_t element = found->candidate.type->size, n = size / element;

	if (!says_usable(found, size))
		return size % element ? 0 : n;
	return usable_size(n * element) == size ? n : 0;
}

/* The array at the end of a structure, or NULL. */
static const struct type_field *array_at_end(const struct type *type)
{
	const struct type_field *last;

	if (type->kind != TYPE_RECORD || type->is_union || !type->fields_n)
		return NULL;
	last = &type->fields[type->fields_n - 1];
	return last->type && last->type->kind == TYPE_ARRAY ? last : NULL;
}

static bool is_flexible(const struct type *type)
{
	const struct type_field *last = array_at_end(type);

	return last && last->type->length <= 1;
}

static bool is_void_pointer(const struct type *type)
{
	return type->kind == TYPE_POINTER && !type_target(type);
}

/* Several in a row. Of structs that must be evident, since a larger one may
 * begin with this one. */
bool fits_array(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type;

	if (found->is_first || found->base || found->candidate.offset ||
	    is_byte(type) || is_empty(type) || !elements(found, size) ||
	    evidence_pool(found, size))
		return false;
	if (found->candidate.is_either)
		return type->kind == TYPE_RECORD &&
		       evidence_times(found, type->size);
	if (found->many)
		return true;
	if (evidence_counts(found, type->size))
		return !is_flexible(type) || found->is_array;
	return !found->is_one && type->kind != TYPE_RECORD &&
	       !is_void_pointer(type) && type->kind != TYPE_CODE &&
	       !found->is_guarded && found->candidate.source <= SOURCE_MEMBER;
}

bool fits_row(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type, *other;
	uint64_t own; /* without what glibc added */

	if (!is_start(found) || found->many || found->is_one ||
	    found->is_first || evidence_pool(found, size) ||
	    (type->kind != TYPE_RECORD && type->kind != TYPE_POINTER) ||
	    is_void_pointer(type) || is_empty(type) || is_flexible(type) ||
	    type->size >= size || !elements(found, size))
		return false;
	own = elements(found, size) * type->size;
	return (evidence_constant(found, own) || evidence_elements(found)) &&
	       (type->kind == TYPE_POINTER ||
		!derived_find(type, size, &other));
}

/* What "new[]" made of objects that have a destructor. */
bool fits_cookie(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type;

	return !found->base && found->candidate.offset == 8 &&
	       found->is_array && type->kind == TYPE_RECORD && size > 8 &&
	       !((size - 8) % type->size);
}

bool fits_longer(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type;
	const struct type_field *last = array_at_end(type);

	if (found->base || found->candidate.offset ||
	    type->kind != TYPE_RECORD || found->many ||
	    found->candidate.is_either || evidence_inner(found, size))
		return false;
	if (is_flexible(type))
		return size >= last->offset;
	if (size <= type->size)
		return false;
	return evidence_sums(found, type->size) ||
	       (last && last->offset && evidence_sums(found, last->offset));
}

bool fits_text(const struct found *found, uint64_t size)
{
	(void)size;
	return is_start(found) && is_byte(found->candidate.type) &&
	       (found->many ||
		(!found->is_guarded && !evidence_elements(found)));
}

bool fits_base(const struct found *found, uint64_t size)
{
	const struct type *type = found->candidate.type;

	return is_start(found) && !found->many && type->kind == TYPE_RECORD &&
	       type->size < size;
}
