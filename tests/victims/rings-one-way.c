/* Two rings, linked one way: the second is nested in the first, which
 * retains it. Three times. */
#include "victim.h"

static NOINLINE void ring_outer(void **held)
{
	void **a = CALLOC(32), **b = CALLOC(48);

	a[0] = b;
	b[0] = a;
	b[1] = held;
}

static NOINLINE void **ring_inner(void)
{
	void **a = CALLOC(64), **b = CALLOC(80);

	a[1] = b;
	b[1] = a;
	return a;
}

static NOINLINE void make(void)
{
	TIMES(3)
	ring_outer(ring_inner());
}

int main(void)
{
	say("expect cycle count=3 bytes=240 retained_bytes=432 "
	    "retained_blocks=6 members=2 edges=32+0>48,48+0>32 nested=1 "
	    "inner=no function=ring_outer");
	say("expect cycle count=3 bytes=432 retained_bytes=0 "
	    "retained_blocks=0 members=2 edges=64+8>80,80+8>64 nested=0 "
	    "inner=yes function=ring_inner");
	away(make);
	return 0;
}
