/*
 * See types.h.
 */
#include "model/model.h"
#include "types/types.h"

void types_find(struct report *report)
{
	(void)report;
}
