/*
 * See id.h.
 */
#include <inttypes.h>
#include <stdio.h>

#include "meaning/id.h"
#include "model/memory.h"
#include "model/model.h"

const char *id_make(struct report *report, uint64_t hash, size_t place)
{
	char id[17];

	/* any odd number would do; this one is 2^64 by the golden ratio */
	snprintf(id, sizeof(id), "%016" PRIx64,
		 hash + place * UINT64_C(0x9e3779b97f4a7c15));
	return report_copy(report, id, sizeof(id) - 1);
}
