/* For plugin-closed: the first one's size, other functions in its place. */
#include "victim.h"

NOINLINE void second_leak(void)
{
	MALLOC(100);
}

void plugin_leak(void)
{
	TIMES(7)
	second_leak();
	clobber();
}
