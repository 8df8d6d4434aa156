/* See tracking.h. */
#include "process/tracking.h"

static bool over, lost;

void tracking_note_lost(void)
{
	__atomic_store_n(&lost, true, __ATOMIC_SEQ_CST);
}

bool tracking_has_lost(void)
{
	return __atomic_load_n(&lost, __ATOMIC_ACQUIRE);
}

void tracking_end(void)
{
	__atomic_store_n(&over, true, __ATOMIC_SEQ_CST);
}

bool tracking_is_over(void)
{
	return __atomic_load_n(&over, __ATOMIC_ACQUIRE);
}
