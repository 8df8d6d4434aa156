/*
 * See repository.h. Compilers name the current directory as PWD does, by links.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/text.h"
#include "forms/repository.h"
#include "model/memory.h"

struct report;

/* Cuts names off the path's end until the directory has an entry .git. False:
 * none has. */
static bool find(char *path, size_t size)
{
	size_t n = strlen(path);

	while (n && n + sizeof("/.git") <= size) {
		strcpy(path + n, "/.git");
		if (!access(path, F_OK)) {
			path[n] = '\0';
			return true;
		}
		while (n && path[--n] != '/')
			;
	}
	return false;
}

const char *repository_top(void)
{
	static char top[PATH_MAX];
	static bool is_known;

	if (is_known)
		return top;
	is_known = true;
	if (!getcwd(top, sizeof(top)) ||
	    (!find(top, sizeof(top)) && !getcwd(top, sizeof(top))) ||
	    !strcmp(top, "/"))
		*top = '\0';
	return top;
}

static bool is_same(const char *path, const char *other)
{
	struct stat a, b;

	return !stat(path, &a) && !stat(other, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/* The top by the name that PWD has for it; "" when it has none. */
static const char *top_named(void)
{
	static char top[PATH_MAX];
	static bool is_known;
	const char *pwd = getenv("PWD");

	if (is_known)
		return top;
	is_known = true;
	if (!pwd || *pwd != '/' || strlen(pwd) >= sizeof(top) ||
	    !is_same(pwd, "."))
		return top;
	strcpy(top, pwd);
	if (!find(top, sizeof(top)))
		strcpy(top, pwd);
	if (!is_same(top, *repository_top() ? repository_top() : "/"))
		*top = '\0';
	return top;
}

static const char *behind(const char *file, const char *top)
{
	size_t n = strlen(top);

	return !strncmp(file, top, n) && file[n] == '/' ? file + n + 1 : NULL;
}

/* Adds a name to a path that ends at `to`; ".." takes the last name back. */
static char *name_add(char *path, char *to, const char *name, size_t n)
{
	bool is_up = n == 2 && !memcmp(name, "..", 2);
	char *last = to;

	if (!n || (n == 1 && *name == '.'))
		return to;
	while (last > path && last[-1] != '/')
		last--;
	if (is_up && to > path && strncmp(last, "..", (size_t)(to - last)) != 0)
		return last > path ? last - 1 : path;
	if (to > path)
		*to++ = '/';
	memcpy(to, name, n);
	return to + n;
}

/* A relative path without "." and "x/.."; "../x" stays. */
static const char *plain(struct report *report, const char *file)
{
	char *path, *to;
	size_t n;

	if (!strstr(file, "./") && !strstr(file, "//"))
		return file;
	path = to = report_take(report, strlen(file) + 1, 1);
	for (; *file; file += n + (file[n] == '/')) {
		n = strcspn(file, "/");
		to = name_add(path, to, file, n);
	}
	*to = '\0';
	return path;
}

const char *repository_path(struct report *report, const char *file)
{
	const char *path = file;

	if (*file == '/') {
		path = behind(file, repository_top());
		if (!path && *top_named())
			path = behind(file, top_named());
	}
	path = path ? plain(report, path) : NULL;
	return path && *path && !text_begins(path, "../") ? path : NULL;
}
