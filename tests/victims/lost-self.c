/* A ring of one, a list head that points at itself, is no cycle but lost;
 * what it holds besides is retained. */
#include "victim.h"

static NOINLINE void make(void)
{
	void **head = CALLOC(56);

	head[0] = head[1] = head;
	head[3] = CALLOC(16);
}

int main(void)
{
	say("expect lost count=1 bytes=56 retained_bytes=16 retained_blocks=1 "
	    "members=1 nested=0 function=make");
	say("total findings=1 cycles=0 lost=1");
	away(make);
	return 0;
}
