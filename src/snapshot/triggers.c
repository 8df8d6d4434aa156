/* See triggers.h. */
#include "snapshot/triggers.h"

const char *triggers_name(enum trigger trigger)
{
	static const char *const name[] = {"threshold", "interval", "request",
					   "api", "exit"};

	return name[trigger];
}
