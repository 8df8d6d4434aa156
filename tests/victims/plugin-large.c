/* For held-late-plugin: data of 16 MB, so that it is mapped between others. */
#include "victim.h"

static void *large[2 << 20] = {&large};

void hold_large(void)
{
	for (int i = 1; i < 2 << 20; i += 4096)
		large[i] = MALLOC(100);
	USE(large);
}
