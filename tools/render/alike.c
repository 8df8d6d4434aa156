/*
 * See alike.h.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/hash.h"
#include "model/memory.h"
#include "render/alike.h"
#include "render/lines.h"
#include "render/order.h"
#include "render/page.h"
#include "render/picture.h"

/* What a finding looks like. */
struct look {
	uint64_t hash;
	size_t listed; /* its place in the order */
};

static uint64_t picture_hash(const struct picture *picture)
{
	uint64_t hash = hash_text(HASH_FIRST + picture->way.n, "");
	size_t i, k;

	for (i = 0; i < picture->faces_n; i++) {
		const struct face *face = &picture->faces[i];

		hash = hash_text(hash, face->label);
		if (!face->listed || face->like != i)
			continue;
		for (k = 0; k < face->lines.n; k++) {
			const struct line *line = &face->lines.lines[k];

			hash = hash_text(hash,
					 line->function ? line->function : "");
			hash = hash_text(hash, line->where);
		}
	}
	return hash;
}

static int by_hash(const void *a, const void *b)
{
	const struct look *x = a, *y = b;

	return x->hash == y->hash ? 0 : x->hash < y->hash ? -1 : 1;
}

void alikes_mark(const struct page *page, const struct order *order, size_t n)
{
	struct look *looks = calloc(n + 1, sizeof(*looks));
	struct picture picture;
	void *mark;
	size_t i;

	if (!looks)
		die(STATUS_FAILED, "out of memory");
	for (i = 0; i < n; i++) {
		mark = report_mark(page->report);
		picture = picture_make(page, order->list[i].finding);
		looks[i] = (struct look){picture_hash(&picture), i};
		report_rewind(page->report, mark);
	}
	qsort(looks, n, sizeof(*looks), by_hash);
	for (i = 1; i < n; i++) {
		if (looks[i].hash != looks[i - 1].hash)
			continue;
		order->list[looks[i].listed].unfolded = true;
		order->list[looks[i - 1].listed].unfolded = true;
	}
	free(looks);
}
