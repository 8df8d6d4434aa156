/*
 * See places.h.
 */
#include <stdlib.h>

#include "common/die.h"
#include "forms/places.h"
#include "model/model.h"

static uint64_t product(uint64_t a, uint64_t b)
{
	uint64_t value;

	if (__builtin_mul_overflow(a, b, &value) || value > INT64_MAX)
		return INT64_MAX;
	return value;
}

static uint64_t at_most(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : value;
}

static void place_add(struct held_place *places, size_t *n,
		      const struct finding *finding, size_t member)
{
	const struct member *block = &finding->members[member];
	uint64_t count = finding->sums.count;
	size_t i;

	for (i = 0; i < *n; i++)
		if (places[i].stack == block->stack)
			break;
	if (i == *n)
		places[(*n)++] = (struct held_place){
			.member = member,
			.stack = block->stack,
		};
	places[i].count = at_most(places[i].count + count);
	places[i].bytes =
		at_most(places[i].bytes + product(block->size, count));
}

struct held_place *places_make(const struct finding *finding, size_t *n)
{
	const struct sums *sums = &finding->sums;
	size_t all = finding->members_n, i;
	struct held_place *places = calloc(all + 1, sizeof(*places));
	uint64_t bytes = 0;

	if (!places)
		die(STATUS_FAILED, "out of memory");
	*n = 0;
	if (!all)
		return places;
	place_add(places, n, finding, finding->head);
	for (i = 0; i < all; i++)
		if (i != finding->head)
			place_add(places, n, finding, i);
	for (i = 0; i < *n; i++)
		bytes += places[i].bytes;
	if (bytes < sums->bytes)
		places[0].bytes += sums->bytes - bytes;
	places[0].retained_count = at_most(sums->retained_blocks);
	places[0].retained_bytes = at_most(sums->retained_bytes);
	return places;
}
