/* No descriptor is free when the last scan is due: the report says why there
 * is none. */
#include <fcntl.h>
#include <sys/resource.h>
#include "gordian.h"
#include "victim.h"

int main(void)
{
	struct rlimit limit = {64, 64};

	say("expect nothing");
	say("warning a scan could not be made: no descriptor is free");
	say("warning none could be made at its end");
	gordian_check(); /* while there are some */
	if (setrlimit(RLIMIT_NOFILE, &limit))
		return 77;
	while (dup(1) >= 0)
		;
	return 0;
}
