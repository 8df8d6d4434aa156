/* See chosen.h. */
#include <string.h>
#include <sys/auxv.h>
#include "base/config.h"
#include "base/sys.h"
#include "process/chosen.h"

static bool is_like(const char *name, const char *pattern)
{
	const char *star = NULL, *from = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = pattern++;
			from = name;
		} else if (*pattern == *name) {
			pattern++;
			name++;
		} else if (star) { /* it stands for one more byte */
			pattern = star + 1;
			name = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

bool chosen_names(const char *list, const char *name)
{
	const char *slash = name ? strrchr(name, '/') : NULL;

	if (slash)
		name = slash + 1;
	for (; name && *list; list += strlen(list) + 1)
		if (is_like(name, list))
			return true;
	return false;
}

bool chosen_is(const char *argv0)
{
	char exe[CONFIG_PATH];
	const char *names[3] = {exe, argv0, (const char *)getauxval(AT_EXECFN)};
	bool only = !*config.only, skip = false;
	size_t i;
	long n;

	if (!*config.only && !*config.skip)
		return true;
	n = sys(SYS_readlink, "/proc/self/exe", exe, sizeof exe - 1);
	exe[n > 0 ? n : 0] = 0;
	for (i = 0; i < 3; i++) {
		only |= chosen_names(config.only, names[i]);
		skip |= chosen_names(config.skip, names[i]);
	}
	return only && !skip;
}
