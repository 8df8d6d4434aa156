/* One shape a thousand times, by two call paths: two findings. */
#include "victim.h"

static NOINLINE void make(void)
{
	void **a = CALLOC(40), **b = CALLOC(24);

	a[0] = b;
	b[1] = a;
}

static NOINLINE void left(int n)
{
	TIMES(n)
	make();
}

static NOINLINE void right(int n)
{
	TIMES(n)
	make();
}

static NOINLINE void both(void)
{
	left(700);
	right(300);
}

int main(void)
{
	say("expect cycle count=700 bytes=44800 members=2 retained_blocks=0 "
	    "edges=40+0>24,24+8>40 function=make,left");
	say("expect cycle count=300 bytes=19200 members=2 retained_blocks=0 "
	    "edges=40+0>24,24+8>40 function=make,right");
	say("total findings=2 cycles=2 bytes=64000");
	away(both);
	return 0;
}
