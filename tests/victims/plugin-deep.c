/* For deep-plugin: allocates and frees what others have. */
#include "victim.h"

void deep_free(void *block)
{
	free(block);
}

void *deep_get(void)
{
	return MALLOC(200);
}

void (*const deep_table)(void *) = free;
