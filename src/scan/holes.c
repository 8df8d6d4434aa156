/* See holes.h. */
#include <errno.h>
#include "base/list.h"
#include "base/rows.h"
#include "scan/holes.h"

static struct list holes;
static int failed;

void holes_add(struct hole hole)
{
	if (hole.low < hole.high && !list_add(&holes, &hole, sizeof hole))
		failed = -ENOMEM;
}

/* Joins overlapping holes, so that their bounds rise together. */
static void join(void)
{
	struct hole *list = holes.list;
	uint32_t i, to = 0;

	for (i = 1; i < holes.n; i++) {
		struct hole *last = &list[to];

		if (list[i].low < last->high) {
			if (list[i].high > last->high)
				last->high = list[i].high;
			last->descriptor |= list[i].descriptor;
		} else {
			list[++to] = list[i];
		}
	}
	holes.n = holes.n ? to + 1 : 0;
}

int holes_sort(void)
{
	/* in place: there may be one for every large block */
	rows_sort(holes.list, sizeof(struct hole), holes.n);
	join();
	return failed;
}

const struct hole *holes_list(uint32_t *n)
{
	*n = holes.n;
	return holes.list;
}
