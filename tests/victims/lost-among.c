/* Blocks that are lost alone, by four paths, in between rings, and parents that
 * hold a child: the numbers of what is left after them are others. */
#include "victim.h"

static NOINLINE void first(void)
{
	(void)MALLOC(40);
}

static NOINLINE void second(void)
{
	(void)MALLOC(56);
}

static NOINLINE void ring(void)
{
	void **a = CALLOC(32), **b;

	first();
	b = CALLOC(48);
	a[1] = b;
	second();
	b[2] = a;
}

static NOINLINE void parent(void)
{
	void **holder = CALLOC(24);

	first();
	first();
	*holder = CALLOC(64);
}

static NOINLINE void make(void)
{
	TIMES(200)
	{
		ring();
		parent();
	}
}

int main(void)
{
	say("expect lost count=200 bytes=8000 retained_blocks=0 members=1 "
	    "sizes=40 stack=first<ring");
	say("expect lost count=200 bytes=8000 retained_blocks=0 members=1 "
	    "sizes=40 stack=first<parent");
	say("expect lost count=200 bytes=8000 retained_blocks=0 members=1 "
	    "sizes=40 stack=first<parent");
	say("expect lost count=200 bytes=11200 retained_blocks=0 members=1 "
	    "sizes=56 function=second");
	say("expect lost count=200 bytes=4800 retained_blocks=200 "
	    "retained_bytes=12800 members=1 sizes=24 function=parent");
	say("expect cycle count=200 bytes=16000 retained_blocks=0 members=2 "
	    "sizes=32,48 edges=32+8>48,48+16>32 function=ring");
	say("total findings=6 cycles=1 lost=5 bytes=56000");
	away(make);
	return 0;
}
