/*
 * See site_evidence.h.
 */
#include <stddef.h>

#include "site/site_evidence.h"
#include "site/site_found.h"
#include "site/site_machine.h"
#include "site/site_store.h"

#define FIRST 4 /* arguments that may be a computed size */
#define WORD 8

static bool is_count(const struct value *sizes, uint64_t element)
{
	size_t i;

	for (i = 0; i < FIRST; i++)
		if (sizes[i].kind == VALUE_UNKNOWN && sizes[i].scale > 1 &&
		    !(sizes[i].scale % element) &&
		    !((uint64_t)sizes[i].offset % element))
			return true;
	for (i = 0; i < SIZES; i++)
		if (sizes[i].kind == VALUE_NUMBER &&
		    (uint64_t)sizes[i].offset == element)
			return true;
	return false;
}

bool evidence_counts(const struct found *found, uint64_t element)
{
	size_t i;

	for (i = 0; i < found->sizes_n; i++)
		if (is_count(found->sizes[i], element))
			return true;
	return found->is_array;
}

bool evidence_times(const struct found *found, uint64_t element)
{
	size_t i, k;

	if (element <= WORD)
		return false;
	for (i = 0; i < found->sizes_n; i++)
		for (k = 0; k < FIRST; k++)
			if (found->sizes[i][k].kind == VALUE_UNKNOWN &&
			    found->sizes[i][k].scale == element)
				return true;
	return false;
}

static bool is_sum(const struct value *sizes, uint64_t own)
{
	size_t i;

	for (i = 0; i < FIRST; i++)
		if (sizes[i].kind == VALUE_UNKNOWN &&
		    (uint64_t)sizes[i].offset >= own &&
		    (uint64_t)sizes[i].offset < own + 8)
			return true;
	return false;
}

bool evidence_sums(const struct found *found, uint64_t own)
{
	size_t i;

	for (i = 0; i < found->sizes_n; i++)
		if (is_sum(found->sizes[i], own))
			return true;
	return false;
}

static bool has_number(const struct value *sizes, uint64_t size)
{
	size_t i;

	for (i = 0; i < FIRST; i++)
		if (sizes[i].kind == VALUE_NUMBER &&
		    (uint64_t)sizes[i].offset == size)
			return true;
	return false;
}

bool evidence_constant(const struct found *found, uint64_t size)
{
	size_t i;

	for (i = 0; i < found->sizes_n; i++)
		if (has_number(found->sizes[i], size))
			return true;
	return false;
}

static bool is_multiple(const struct value *size)
{
	return size->kind == VALUE_UNKNOWN && size->scale >= WORD &&
	       !((uint64_t)size->offset % size->scale);
}

bool evidence_elements(const struct found *found)
{
	size_t i, k;

	for (i = 0; i < found->sizes_n && i <= found->depth; i++)
		for (k = 0; k < FIRST; k++)
			if (is_multiple(&found->sizes[i][k]))
				return true;
	return false;
}

static bool is_computed(const struct value *size)
{
	return size->kind == VALUE_UNKNOWN && (size->offset || size->scale > 1);
}

/* The call has other numbers, of which none makes the size. */
static bool wants_other(const struct value *sizes, uint64_t size)
{
	bool has_other = false;
	size_t i, k;

	for (i = 0; i < FIRST; i++) {
		has_other |= is_computed(&sizes[i]);
		if (sizes[i].kind != VALUE_NUMBER || !sizes[i].offset)
			continue;
		has_other = true;
		if ((uint64_t)sizes[i].offset == size)
			return false;
		for (k = 0; k < i; k++)
			if (sizes[k].kind == VALUE_NUMBER &&
			    (uint64_t)sizes[i].offset *
					    (uint64_t)sizes[k].offset ==
				    size)
				return false;
	}
	return has_other;
}

bool evidence_inner(const struct found *found, uint64_t size)
{
	size_t i;

	size += found->before;
	if (found->depth >= found->sizes_n ||
	    has_number(found->sizes[found->depth], size))
		return false;
	for (i = 0; i < found->depth; i++)
		if (has_number(found->sizes[i], size))
			return true;
	return false;
}

bool evidence_pool(const struct found *found, uint64_t size)
{
	return evidence_inner(found, size) &&
	       wants_other(found->sizes[found->depth], size);
}
