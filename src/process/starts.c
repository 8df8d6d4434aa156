/* See starts.h. */
#include "base/arena.h"
#include "process/library.h"
#include "process/starts.h"

#define STARTS 4096

static struct start *starts;

struct start *starts_take(void)
{
	uint32_t i;

	if (!library_is_up())
		return NULL;
	if (!starts) {
		struct start *fresh = arena_map(STARTS * sizeof *fresh);
		struct start *seen = NULL;

		if (!fresh)
			return NULL;
		if (!__atomic_compare_exchange_n(&starts, &seen, fresh, false,
						 __ATOMIC_ACQ_REL,
						 __ATOMIC_ACQUIRE))
			arena_unmap(fresh, STARTS * sizeof *fresh);
	}
	for (i = 0; i < STARTS; i++)
		if (!starts[i].taken &&
		    !__atomic_test_and_set(&starts[i].taken, __ATOMIC_ACQUIRE))
			return &starts[i];
	return NULL;
}

void starts_drop(struct start *s)
{
	s->function = NULL;
	s->arg = NULL;
	__atomic_clear(&s->taken, __ATOMIC_RELEASE);
}

void starts_range(uintptr_t *low, uintptr_t *high)
{
	*low = (uintptr_t)starts;
	*high = starts ? *low + STARTS * sizeof *starts : 0;
}

void starts_stop(void)
{
	starts = NULL;
}
