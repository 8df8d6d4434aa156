/*
 * See excerpt.h.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/text.h"
#include "forms/excerpt.h"
#include "render/json_value.h"

#define AROUND 4
#define WIDTH 400      /* of a line, in bytes */
#define SIZE_MOST 16e6 /* of a file */

static bool is_source(const char *path)
{
	static const char *const suffixes[] = {
		".c",	".h",	 ".cc",	 ".cpp", ".cxx", ".c++", ".hh", ".hpp",
		".hxx", ".inl",	 ".ipp", ".tcc", ".rs",	 ".py",	 ".m",	".mm",
		".go",	".vala", ".pyx", ".y",	 ".l",	 ".re",	 ".in",
	};
	const char *dot = strrchr(path, '.');
	size_t i;

	for (i = 0; dot && i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (!strcmp(dot, suffixes[i]))
			return true;
	return false;
}

/* Whether what was opened, links followed, is a source. */
static bool is_open_source(int fd)
{
	char link[32], path[4096];
	struct stat status;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	return is_source(path) && !fstat(fd, &status) &&
	       S_ISREG(status.st_mode) && (double)status.st_size <= SIZE_MOST;
}

static FILE *source_open(const char *path)
{
	int fd;

	if (path[0] != '/' || !is_source(path))
		return NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0 && !is_open_source(fd)) {
		close(fd);
		return NULL;
	}
	return fd < 0 ? NULL : fdopen(fd, "r");
}

static json_t *line_json(const char *line, size_t n)
{
	char *text;
	json_t *value;

	if (n && line[n - 1] == '\n')
		n--;
	text = text_from_bytes(line, n < WIDTH ? n : WIDTH);
	value = text_json(text ? text : "");
	free(text);
	return value;
}

json_t *excerpt_json(const char *path, int line)
{
	FILE *file = line > 0 ? source_open(path) : NULL;
	json_t *lines = json_array();
	char *text = NULL;
	size_t room = 0;
	ssize_t n;
	int at;

	if (!file)
		return json_decref(lines), NULL;
	for (at = 1; at <= line + AROUND; at++) {
		n = getline(&text, &room, file);
		if (n < 0)
			break;
		if (at >= line - AROUND)
			json_array_append_new(lines,
					      line_json(text, (size_t)n));
	}
	free(text);
	fclose(file);
	if (at <= line)
		return json_decref(lines), NULL;
	return json_pack("{s:i, s:o}", "first",
			 line > AROUND ? line - AROUND : 1, "lines", lines);
}
