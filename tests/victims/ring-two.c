/* Two blocks that hold each other. With ADDRESS (-no-pie) malloc has an address
 * in the program, though the program has none of its own. */
#include "victim.h"

#ifndef ADDRESS
#define ADDRESS 0
#endif

static void *(*volatile take)(size_t);

static NOINLINE void make(void)
{
	void **a = CALLOC(32), **b = CALLOC(48);

	a[1] = b;
	b[2] = a;
}

int main(void)
{
	say("expect cycle count=1 bytes=80 retained_bytes=0 retained_blocks=0 "
	    "members=2 sizes=32,48 edges=32+8>48,48+16>32 nested=0 inner=no "
	    "function=make,away");
	if (ADDRESS)
		take = malloc;
	say("warning none");
	say("total findings=1 cycles=1 lost=0 bytes=80");
	away(make);
	return 0;
}
