/* See holes.h. */
#include <errno.h>
#include "base/list.h"
#include "scan/holes.h"

static struct list holes;
static int failed;

void holes_add(struct hole hole)
{
	if (hole.low < hole.high && !list_add(&holes, &hole, sizeof hole))
		failed = -ENOMEM;
}

/* By low bound; heap sort, as there may be one for every large block. */
static void sift(struct hole *list, uint32_t i, uint32_t n)
{
	struct hole x = list[i];

	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= n)
			break;
		if (child + 1 < n && list[child + 1].low > list[child].low)
			child++;
		if (list[child].low <= x.low)
			break;
		list[i] = list[child];
		i = child;
	}
	list[i] = x;
}

static void sort(void)
{
	struct hole *list = holes.list;
	uint32_t i;

	for (i = holes.n / 2; i--;)
		sift(list, i, holes.n);
	for (i = holes.n; i-- > 1;) {
		struct hole x = list[0];

		list[0] = list[i];
		list[i] = x;
		sift(list, 0, i);
	}
}

/* Overlapping ones become one, so that their bounds rise together. */
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
	sort();
	join();
	return failed;
}

const struct hole *holes_list(uint32_t *n)
{
	*n = holes.n;
	return holes.list;
}
