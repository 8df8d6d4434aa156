/* For plugin-closed. */
#include "victim.h"

NOINLINE void first_ring(void)
{
	void **a = CALLOC(32), **b = CALLOC(48);

	a[0] = b;
	b[0] = a;
}

void plugin_leak(void)
{
	TIMES(10)
	first_ring();
	clobber();
}
