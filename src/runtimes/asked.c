/*
 * What runtimes are told when they ask the environment. They carve small
 * objects out of memory of their own, so that only that memory would be seen.
 * Each can be told to use malloc: GLib before 2.76 by G_SLICE, CPython by
 * PYTHONMALLOC. PHP, when it ends, closes its extensions, and with them the
 * variables that hold what their libraries keep; it asks whether not to. What
 * the program has set comes first, and its environment is not changed.
 *
 * Any thread; takes no lock.
 */
#include <stdlib.h>
#include <string.h>
#include "base/export.h"
#include "process/library.h"
#include "process/python.h"
#include "process/real.h"

#define PYTHON_MALLOC "PYTHONMALLOC"

/* A build without the interpreter's lock has an allocator of its own only, and
 * ends when it is told another. */
static char *python_value(char *value)
{
	static char malloc[] = "malloc";

	python_find();
	if (!python_is_free_threaded())
		return value ? value : malloc;
	return value && strcmp(value, malloc) ? value : NULL;
}

EXPORT char *getenv(const char *name)
{
	static char always[] = "always-malloc", yes[] = "1";
	char *value;

	if (!real.getenv && !library_begin())
		return NULL;
	value = real.getenv(name);
	if (!value && name[0] == 'G' && !strcmp(name, "G_SLICE"))
		return always;
	if (!value && name[0] == 'Z' &&
	    !strcmp(name, "ZEND_DONT_UNLOAD_MODULES"))
		return yes;
	if (name[0] == 'P' && !strcmp(name, PYTHON_MALLOC))
		return python_value(value);
	return value;
}

/* With -E or -I the interpreter does not ask. So it is told before it starts,
 * where it is there by then. */
__attribute__((constructor)) static void tell(void)
{
	const char *value;

	if (!library_is_ready())
		return;
	python_find();
	value = real.getenv(PYTHON_MALLOC);
	if (!value || !strcmp(value, "malloc"))
		python_use_malloc();
}
