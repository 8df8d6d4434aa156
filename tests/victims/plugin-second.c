/* For plugin-closed: the first one's size, other functions in its place. */
#include "victim.h"

NOINLINE void second_leak(void)
{
	MALLOC(100);
}

void plugin_leak(void)
{
	for (int i = 0; i < 7; i++)
		second_leak();
	clobber();
}
