/*
 * See left_out.h. In the program the library decides (src/process/chosen.c).
 * This is for those that it did not reach.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cli/left_out.h"
#include "cli/verb.h"
#include "system/program.h"

static bool is_named(const char *const *list, size_t n, const char *path)
{
	const char *name = path ? strrchr(path, '/') : NULL;
	size_t i;

	name = name ? name + 1 : path;
	for (i = 0; i < n && name; i++)
		if (!fnmatch(list[i], name, FNM_NOESCAPE))
			return true;
	return false;
}

bool is_left_out(const char *path, const void *data)
{
	const struct settings *settings = data;
	bool only = !settings->only_n, skip = false;
	char *names[3];
	size_t i;

	if (only && !settings->skip_n) /* no file is looked at */
		return false;
	names[0] = strdup(path);
	names[1] = realpath(path, NULL);
	names[2] = program_interpreter(path);
	for (i = 0; i < 3; i++) {
		only |= is_named(settings->only, settings->only_n, names[i]);
		skip |= is_named(settings->skip, settings->skip_n, names[i]);
		free(names[i]);
	}
	return !only || skip;
}
