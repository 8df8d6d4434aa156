/* A lost tree that holds a ring: the ring is nested in it. */
#include "victim.h"

static NOINLINE void **ring(void)
{
	void **a = CALLOC(32), **b = CALLOC(48);

	a[0] = b;
	b[0] = a;
	return a;
}

static NOINLINE void make(void)
{
	void **tree = CALLOC(64), **branch = CALLOC(80);

	tree[0] = CALLOC(100);
	tree[1] = branch;
	branch[2] = ring();
}

int main(void)
{
	say("expect lost count=1 bytes=64 retained_bytes=260 "
	    "retained_blocks=4 members=1 sizes=64 nested=1 inner=no");
	say("expect cycle count=1 bytes=80 retained_bytes=0 members=2 "
	    "edges=32+0>48,48+0>32 nested=0 inner=yes function=ring");
	away(make);
	return 0;
}
