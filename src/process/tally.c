/* See tally.h. */
#include "process/tally.h"

static int64_t blocks, bytes;
static uint64_t captures;

void tally_flush(struct tally *t)
{
	__atomic_fetch_add(&blocks, t->blocks, __ATOMIC_RELAXED);
	__atomic_fetch_add(&bytes, t->bytes, __ATOMIC_RELAXED);
	t->blocks = t->bytes = 0;
	__atomic_fetch_add(&captures, tally_left(t), __ATOMIC_RELAXED);
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

uint64_t tally_captures(void)
{
	return captures;
}

void tally_forked(uint64_t all)
{
	captures -= all; /* its parent's */
}
