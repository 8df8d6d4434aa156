/* A ring that holds a tail of three blocks: retained, not reported. */
#include "victim.h"

static NOINLINE void make(void)
{
	void **a = CALLOC(32), **b = CALLOC(48), **tail = CALLOC(100);

	a[0] = b;
	b[0] = a;
	a[1] = tail;
	*tail = CALLOC(200);
	**(void ***)tail = CALLOC(300);
}

int main(void)
{
	say("expect cycle count=1 bytes=80 retained_bytes=600 "
	    "retained_blocks=3 members=2 edges=32+0>48,48+0>32 nested=0");
	say("total findings=1 bytes=80 retained_bytes=600");
	away(make);
	return 0;
}
