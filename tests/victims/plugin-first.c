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
	for (int i = 0; i < 10; i++)
		first_ring();
	clobber();
}
