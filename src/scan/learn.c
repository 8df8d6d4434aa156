/*
 * See learn.h. With the stop lock held.
 */
#include "heap/range.h"
#include "scan/learn.h"

struct ranges *const learn_ranges[LESSON_KINDS] = {
	[LESSON_WIPED] = &ranges_wiped,
	[LESSON_ABSENT] = &ranges_no_fork,
	[LESSON_SHARED] = &ranges_shared,
};

void learn_all(struct learned *learned)
{
	uint32_t i;

	for (i = 0; i < learned->n && i < LEARNED; i++)
		ranges_add(learn_ranges[learned->list[i].kind],
			   learned->list[i].low, learned->list[i].high);
	learned->n = 0;
}
