/* One ring of 50,000 blocks: found without recursion. */
#include "victim.h"

static NOINLINE void make(void)
{
	void **first = CALLOC(16), **last = first;

	for (int i = 1; i < 50000; i++)
		last = *last = CALLOC(16);
	*last = first;
}

int main(void)
{
	say("expect cycle count=1 bytes=800000 retained_bytes=0 "
	    "retained_blocks=0 members=50000 nested=0 function=make");
	say("total findings=1 bytes=800000");
	away(make);
	return 0;
}
