/* Two lost heads hold one block: it is counted once. */
#include "victim.h"

static NOINLINE void make(void)
{
	void **shared = CALLOC(48);

	TIMES(2)
	*(void **)CALLOC(64) = shared;
}

int main(void)
{
	say("expect lost count=2 bytes=128 retained_bytes=48 retained_blocks=1 "
	    "members=1 sizes=64 inner=no");
	say("total findings=1 bytes=128 retained_bytes=48");
	away(make);
	return 0;
}
