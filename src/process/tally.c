/* See tally.h. */
#include "process/tally.h"
#include "process/thread.h"

static int64_t blocks, bytes;
static uint64_t captures;

void tally_flush(struct thread *t)
{
	__atomic_fetch_add(&blocks, t->blocks, __ATOMIC_RELAXED);
	__atomic_fetch_add(&bytes, t->bytes, __ATOMIC_RELAXED);
	t->blocks = t->bytes = 0;
	__atomic_fetch_add(&captures, t->granted - t->credit, __ATOMIC_RELAXED);
	t->granted = t->credit;
}

int64_t tally_blocks(void)
{
	return __atomic_load_n(&blocks, __ATOMIC_RELAXED);
}

int64_t tally_bytes(void)
{
	return __atomic_load_n(&bytes, __ATOMIC_RELAXED);
}

uint64_t tally_captures(const struct thread *all)
{
	uint64_t sum = captures;
	const struct thread *t;

	for (t = all; t; t = t->next)
		sum += t->granted - t->credit;
	return sum;
}

void tally_forked(const struct thread *all)
{
	captures -= tally_captures(all); /* its parent's */
}
