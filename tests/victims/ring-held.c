/* Rings that something still reaches are no leak. */
#include "victim.h"

static void *volatile held, *volatile inside;

static NOINLINE void make(void)
{
	void **a = CALLOC(32), **b = CALLOC(48);

	a[0] = b;
	b[0] = a;
	held = b;
	a = CALLOC(32);
	a[0] = a;
	inside = (char *)a + 17;
}

int main(void)
{
	say("expect nothing");
	say("total findings=0 cycles=0 lost=0 bytes=0 retained_bytes=0");
	away(make);
	return 0;
}
