/*
 * GLib before 2.76 carves small objects out of slabs of its own, so that only
 * the slabs would be seen. It asks the environment whether it should. We answer
 * that it should use malloc, as it does by itself under Valgrind. What the
 * program has set comes first, and its environment is not changed.
 *
 * Any thread; takes no lock.
 */
#include <stdlib.h>
#include <string.h>
#include "base/export.h"
#include "process/library.h"
#include "process/real.h"

EXPORT char *getenv(const char *name)
{
	static char always[] = "always-malloc";
	char *value;

	if (!real.getenv && !library_begin())
		return NULL;
	value = real.getenv(name);
	if (!value && name[0] == 'G' && !strcmp(name, "G_SLICE"))
		return always;
	return value;
}
