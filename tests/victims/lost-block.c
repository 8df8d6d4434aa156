/* One block that nothing holds. */
#include "victim.h"

static NOINLINE void make(void)
{
	memset(MALLOC(100), 0, 100);
}

int main(void)
{
	say("expect lost count=1 bytes=100 retained_bytes=0 retained_blocks=0 "
	    "members=1 sizes=100 edges= nested=0 inner=no function=make,away");
	say("total findings=1 cycles=0 lost=1 bytes=100");
	away(make);
	return 0;
}
