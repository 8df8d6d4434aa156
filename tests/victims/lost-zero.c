/* malloc(0) gives a block too: three lost, one held. */
#include "victim.h"

static void *volatile held;

static NOINLINE void make(void)
{
	TIMES(3)
	MALLOC(0);
}

int main(void)
{
	say("expect lost count=3 bytes=0 retained_bytes=0 retained_blocks=0 "
	    "members=1 sizes=0 function=make");
	held = MALLOC(0);
	away(make);
	return 0;
}
