/* Two rings that share a block: one component of three; two words of one
 * block may hold the same other block. */
#include "victim.h"

static NOINLINE void make(void)
{
	void **middle = CALLOC(48), **left = CALLOC(16), **right = CALLOC(32);

	middle[0] = left;
	left[1] = middle;
	middle[2] = middle[3] = right;
	right[0] = middle;
}

int main(void)
{
	say("expect cycle count=1 bytes=96 members=3 retained_bytes=0 "
	    "edges=48+0>16,16+8>48,48+16>32,48+24>32,32+0>48");
	away(make);
	return 0;
}
