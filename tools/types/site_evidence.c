/*
 * See site_evidence.h.
 */
#include <stddef.h>

#include "types/site_evidence.h"
#include "types/site_found.h"
#include "types/site_machine.h"
#include "types/site_store.h"

#define FIRST 4 /* arguments that may be a computed size */

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

bool evidence_constant(const struct found *found, uint64_t size)
{
	size_t i, k;

	for (i = 0; i < found->sizes_n; i++)
		for (k = 0; k < FIRST; k++)
			if (found->sizes[i][k].kind == VALUE_NUMBER &&
			    (uint64_t)found->sizes[i][k].offset == size)
				return true;
	return false;
}
