/* Takes a reference, and does nothing else. */
#include "counted.h"

void plugin_hold(struct thing *thing);
void plugin_hold(struct thing *thing)
{
	thing_take(thing);
}
