/* Two rings that hold each other: one component of four. */
#include "victim.h"

static NOINLINE void make(void)
{
	void **a = CALLOC(16), **b = CALLOC(32);
	void **c = CALLOC(48), **d = CALLOC(64);

	a[0] = b;
	b[0] = a;
	c[0] = d;
	d[0] = c;
	b[1] = c;
	d[1] = a;
}

int main(void)
{
	say("expect cycle count=1 bytes=160 retained_bytes=0 members=4 "
	    "edges=16+0>32,32+0>16,48+0>64,64+0>48,32+8>48,64+8>16 nested=0");
	say("total findings=1 cycles=1");
	away(make);
	return 0;
}
