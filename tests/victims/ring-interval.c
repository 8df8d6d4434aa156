/* Rings are found while the program runs, not just at its end; one that is
 * freed before it was lost never shows. */
#include "victim.h"

static NOINLINE void make(void)
{
	void **a = CALLOC(32), **b = CALLOC(48);

	a[0] = b;
	b[0] = a;
}

static NOINLINE void busy(void)
{
	void *p = CALLOC(64);

	USE(p);
	free(p);
}

int main(void)
{
	say("option --interval=0.05");
	say("expect cycle count=100 bytes=8000 members=2 function=make");
	TIMES(100)
	{
		away(make);
		away(busy);
		nap_ms(2);
	}
	return 0;
}
