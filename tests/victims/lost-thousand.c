/* A thousand blocks of growing size by one path: one finding. */
#include "victim.h"

static NOINLINE void make(void)
{
	int size = 0;

	TIMES(1000)
	MALLOC(++size);
}

int main(void)
{
	say("expect lost count=1000 bytes=500500 retained_blocks=0 members=1");
	away(make);
	return 0;
}
