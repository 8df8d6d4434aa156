/*
 * See preload.h.
 */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/preload.h"
#include "cli/rules.h"
#include "cli/verb.h"
#include "common/die.h"

#define LIBRARY "libgordian.so"

#ifndef GORDIAN_LIBDIR
#define GORDIAN_LIBDIR "/usr/local/lib"
#endif

static char *format(const char *pattern, const char *a, const char *b)
	__attribute__((format(printf, 1, 0)));

static char *format(const char *pattern, const char *a, const char *b)
{
	char *text;

	if (asprintf(&text, pattern, a, b) < 0)
		die(STATUS_RUN_FAILED, "out of memory");
	return text;
}

/* This command's directory; without /proc, by the name with which it was
 * executed. */
static void self_find(char self[static PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", self, PATH_MAX - 1);

	self[n > 0 ? n : 0] = '\0';
	if (n <= 0 && !realpath((const char *)getauxval(AT_EXECFN), self))
		self[0] = '\0';
	if (strrchr(self, '/'))
		*strrchr(self, '/') = '\0';
}

/* Beside the command where it was built, else where both were installed. */
static char *library_find(void)
{
	static const char *const places[] = {
		"%s/" LIBRARY, "%s/.libs/" LIBRARY, "%s/../lib/" LIBRARY,
		"%s/../lib/x86_64-linux-gnu/" LIBRARY,
		GORDIAN_LIBDIR "/" LIBRARY};
	char self[PATH_MAX], *path, *whole = NULL;
	size_t i;

	self_find(self);
	for (i = 0; !whole && i < sizeof(places) / sizeof(*places); i++) {
		path = format(places[i], self, "");
		if (!access(path, R_OK))
			whole = realpath(path, NULL);
		free(path);
	}
	if (!whole)
		die(STATUS_RUN_FAILED,
		    "cannot find " LIBRARY ": not beside '%s/gordian', and "
		    "not in " GORDIAN_LIBDIR,
		    self);
	return whole;
}

/* The loader splits LD_PRELOAD at spaces and colons and knows no escape: such
 * a library is reached through a link. */
static char *link_directory;

static void link_remove(void)
{
	char *path;

	if (!link_directory)
		return;
	path = format("%s/%s", link_directory, LIBRARY);
	unlink(path);
	rmdir(link_directory);
	free(path);
}

static char *library_linked(char *library)
{
	static char directory[] = "/tmp/gordian-XXXXXX";
	char *path;

	if (!strpbrk(library, " :"))
		return library;
	if (!mkdtemp(directory) || chmod(directory, 0755))
		die(STATUS_RUN_FAILED,
		    "'%s' cannot be preloaded: its path has a space or a "
		    "colon, and no link to it can be made in /tmp: %s",
		    library, strerror(errno));
	path = format("%s/%s", directory, LIBRARY);
	if (symlink(library, path))
		die(STATUS_RUN_FAILED, "cannot make '%s': %s", path,
		    strerror(errno));
	link_directory = directory;
	atexit(link_remove);
	free(library);
	return path;
}

/* Makes a token that no other run ever has: pid and start time name the
 * process, the random part a machine and boot. */
char *token_make(void)
{
	unsigned long long noise = 0, started = 0;
	char line[1024], *p, *token;
	FILE *file = fopen("/proc/self/stat", "re");
	int field;

	if (file && fgets(line, sizeof(line), file) && (p = strrchr(line, ')')))
		for (field = 2; field < 22 && p; field++) {
			p = strchr(p + 1, ' ');
			started = p ? strtoull(p + 1, NULL, 10) : 0;
		}
	if (file)
		fclose(file);
	if (getrandom(&noise, sizeof(noise), GRND_NONBLOCK) < 0)
		noise = (unsigned long long)(uintptr_t)&noise;
	if (asprintf(&token, "%d-%llu-%016llx", (int)getpid(), started, noise) <
	    0)
		die(STATUS_RUN_FAILED, "out of memory");
	return token;
}

static void option_append(FILE *out, const char *key, const char *value)
{
	if (!value)
		return;
	fprintf(out, ":%s=", key);
	for (; *value; value++) {
		if (*value == ':' || *value == '\\')
			fputc('\\', out);
		fputc(*value, out);
	}
}

/* Checked before, so that nothing runs when a line is wrong. */
static void rules_append(FILE *out, const struct settings *settings)
{
	char *path;
	size_t i;

	for (i = 0; i < settings->rules_n; i++) {
		path = rules_check(settings->rules[i]);
		option_append(out, "rules", path);
		free(path);
	}
}

void preload_set(const struct settings *settings, const char *pattern,
		 const char *token)
{
	const char *before = getenv("LD_PRELOAD");
	char *library = library_linked(library_find());
	char *preload, *options = NULL;
	size_t n, i;
	FILE *out = open_memstream(&options, &n);

	if (!out)
		die(STATUS_RUN_FAILED, "out of memory");
	fprintf(out, "run=%s:plain=no", token);
	option_append(out, "report", pattern);
	if (!settings->report || settings->no_report)
		option_append(out, "keep", "no");
	option_append(out, "interval", settings->interval);
	option_append(out, "threshold", settings->threshold);
	option_append(out, "budget", settings->budget);
	option_append(out, "memory", settings->memory);
	rules_append(out, settings);
	for (i = 0; i < settings->only_n; i++)
		option_append(out, "only", settings->only[i]);
	for (i = 0; i < settings->skip_n; i++)
		option_append(out, "skip", settings->skip[i]);
	option_append(out, "follow", settings->follow ? "yes" : "no");
	if (!settings->python_stacks)
		option_append(out, "python-stacks", "no");
	if (fclose(out))
		die(STATUS_RUN_FAILED, "out of memory");
	preload = before && *before ? format("%s:%s", library, before)
				    : strdup(library);
	if (!preload || setenv("LD_PRELOAD", preload, 1) ||
	    setenv("GORDIAN_OPTIONS", options, 1) ||
	    setenv("PYTHONMALLOC", "malloc", 0))
		die(STATUS_RUN_FAILED, "out of memory");
	free(preload);
	free(options);
	free(library);
}
