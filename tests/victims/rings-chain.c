/* A ring holds a ring that holds a ring with a tail: each retains all that it
 * holds, the one in the middle too. */
#include "victim.h"

static NOINLINE void **ring(size_t size, void **held)
{
	void **a = CALLOC(size), **b = CALLOC(size);

	a[0] = b;
	b[0] = a;
	a[1] = held;
	return b;
}

static NOINLINE void **inner(void)
{
	return ring(64, CALLOC(100));
}

static NOINLINE void **middle(void **held)
{
	return ring(48, held);
}

static NOINLINE void outer(void **held)
{
	ring(32, held);
	clobber();
}

static NOINLINE void make(void)
{
	void **held = inner();

	held = middle(held);
	outer(held);
}

int main(void)
{
	say("expect cycle count=1 bytes=64 members=2 sizes=32,32 "
	    "retained_bytes=324 retained_blocks=5 inner=no function=outer");
	say("expect cycle count=1 bytes=96 members=2 sizes=48,48 "
	    "retained_bytes=228 retained_blocks=3 inner=yes function=middle");
	say("expect cycle count=1 bytes=128 members=2 sizes=64,64 "
	    "retained_bytes=100 retained_blocks=1 nested=0 inner=yes "
	    "function=inner");
	say("total findings=3 cycles=3");
	away(make);
	return 0;
}
