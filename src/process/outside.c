/* See outside.h. */
#include "process/outside.h"

static uintptr_t start, end;

void outside_note(uintptr_t low, uintptr_t high)
{
	start = low;
	end = high;
}

void outside_main(uintptr_t *low, uintptr_t *high)
{
	*low = start;
	*high = end;
}
