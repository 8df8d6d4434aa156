/* See triggers.h. */
#include "snapshot/triggers.h"

const char *triggers_name(enum trigger trigger)
{
	static const char *const name[] = {
		[TRIGGER_THRESHOLD] = "threshold",
		[TRIGGER_INTERVAL] = "interval",
		[TRIGGER_REQUEST] = "request",
		[TRIGGER_API] = "api",
		[TRIGGER_EXIT] = "exit",
	};

	return name[trigger];
}
