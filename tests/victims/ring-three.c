/* Three blocks in a ring, each made by a function of its own. */
#include "victim.h"

static NOINLINE void **make_a(void)
{
	return CALLOC(64);
}

static NOINLINE void **make_b(void)
{
	return CALLOC(64);
}

static NOINLINE void **make_c(void)
{
	return CALLOC(64);
}

static NOINLINE void make(void)
{
	void **a = make_a(), **b = make_b(), **c = make_c();

	a[0] = b;
	b[1] = c;
	c[7] = a;
}

int main(void)
{
	say("expect cycle count=1 bytes=192 retained_bytes=0 members=3 "
	    "edges=make_a+0>make_b,make_b+8>make_c,make_c+56>make_a "
	    "function=make_a,make_b,make_c,make");
	away(make);
	return 0;
}
