/*
 * The reports of one run: each process that was followed wrote its own file,
 * named by the pattern, with ".PID" and ".PID.N" behind where names met. Files
 * of other runs lie beside them; the token in the first line tells.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"
#include "tool.h"

/* A file can be made in that directory: made, and gone again. */
static void directory_try(const char *directory, const char *shown)
{
	char *name;
	int fd;

	fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	if (fd >= 0) {
		close(fd);
		return;
	}
	if (asprintf(&name, "%s/.gordian-XXXXXX", directory) < 0)
		die(STATUS_RUN_FAILED, "out of memory");
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		die(STATUS_RUN_FAILED, "cannot write the report '%s': %s",
		    shown, strerror(errno));
	close(fd);
	unlink(name);
	free(name);
}

/* A file of that very name: emptied, since a run overwrites it. */
static void file_try(const char *path, const char *shown)
{
	struct stat status;
	bool there = !stat(path, &status);
	int fd;

	if (there && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
		return; /* a device or a pipe: opening it may do things */
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		die(STATUS_RUN_FAILED, "cannot write the report '%s': %s",
		    shown, strerror(errno));
	close(fd);
	if (!there)
		unlink(path);
}

char *pattern_prepare(const char *pattern)
{
	const char *shown = pattern ? pattern : "gordian.%p.jsonl";
	char *here = NULL, *path, *slash;
	size_t n = strlen(shown);

	if (shown[n - 1] == '/')
		die(STATUS_RUN_FAILED,
		    "cannot write the report '%s': it is a directory", shown);
	if (*shown == '/') {
		path = strdup(shown);
	} else {
		here = getcwd(NULL, 0);
		if (!here)
			die(STATUS_RUN_FAILED,
			    "cannot name the current directory: %s",
			    strerror(errno));
		if (asprintf(&path, "%s/%s", here, shown) < 0)
			path = NULL;
		free(here);
	}
	if (!path)
		die(STATUS_RUN_FAILED, "out of memory");
	slash = strrchr(path, '/');
	if (!strstr(path, "%p") && !strstr(path, "%n")) {
		file_try(path, shown);
		return path;
	}
	*slash = '\0'; /* only where its name is known by now */
	if (!strstr(path, "%p") && !strstr(path, "%n"))
		directory_try(*path ? path : "/", shown);
	*slash = '/';
	return path;
}

/* The pattern for glob(3): what varies is a star, all else stands for itself.
 */
static char *pattern_glob(const char *pattern, const char *suffix)
{
	char *text = malloc(2 * strlen(pattern) + strlen(suffix) + 1);
	char *to = text;

	if (!text)
		die(STATUS_RUN_FAILED, "out of memory");
	for (; *pattern; pattern++) {
		if (pattern[0] == '%' &&
		    (pattern[1] == 'p' || pattern[1] == 'n')) {
			*to++ = '*';
			pattern++;
			continue;
		}
		if (strchr("*?[]\\", *pattern))
			*to++ = '\\';
		*to++ = *pattern;
	}
	strcpy(to, suffix);
	return text;
}

struct found {
	char *path;
	long long pid;
	bool is_main;
	bool has_end;
};

/* The first line of a report of this run, else NULL. Only regular files: a
 * pipe would wait for a writer. */
static json_t *first_line(const char *path, const char *token, FILE **file)
{
	struct stat status;
	json_t *record = NULL;
	const char *run;
	char *line = NULL;
	size_t room = 0;
	ssize_t n = 0;

	if (stat(path, &status) || !S_ISREG(status.st_mode) ||
	    !(*file = fopen(path, "re")))
		return NULL;
	if (getc(*file) == '{') {
		rewind(*file);
		n = getline(&line, &room, *file);
	}
	if (n > 0)
		record = line_parse(line, (size_t)n);
	free(line);
	run = json_string_value(json_object_get(record, "run"));
	if (line_is_program(record) && run && !strcmp(run, token))
		return record;
	json_decref(record);
	fclose(*file);
	return NULL;
}

static bool file_has_end(FILE *file)
{
	char *line = NULL;
	size_t room = 0;
	bool has_end = false;

	while (getline(&line, &room, file) > 0)
		has_end |= !strncmp(line, "{\"t\":\"end\"", 10);
	free(line);
	return has_end;
}

static void found_add(struct found **list, size_t *n, const char *path,
		      const char *token, pid_t pid)
{
	json_t *record;
	struct found *one;
	FILE *file;
	size_t i;

	for (i = 0; i < *n; i++)
		if (!strcmp((*list)[i].path, path))
			return;
	record = first_line(path, token, &file);
	if (!record)
		return;
	*list = realloc(*list, (*n + 1) * sizeof(**list));
	if (!*list)
		die(STATUS_RUN_FAILED, "out of memory");
	one = &(*list)[(*n)++];
	one->path = strdup(path);
	one->pid = json_integer_value(json_object_get(record, "pid"));
	one->is_main = one->pid == pid;
	one->has_end = file_has_end(file);
	fclose(file);
	json_decref(record);
}

/* PROGRAM first, and of its files (it may have executed others) the oldest:
 * the shortest name. */
static int by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	size_t n = strlen(x->path), m = strlen(y->path);

	if (x->is_main != y->is_main)
		return y->is_main - x->is_main;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	if (n != m)
		return n < m ? -1 : 1;
	return strcmp(x->path, y->path);
}

/* A line that the end cut off stays a line of its own. */
static void end_append(const char *path, int status)
{
	FILE *file = fopen(path, "r+e");
	int last;

	if (!file)
		return;
	if (!fseek(file, -1, SEEK_END) && (last = getc(file)) != EOF) {
		fseek(file, 0, SEEK_END);
		fprintf(file, "%s{\"t\":\"end\",\"exit\":%d}\n",
			last == '\n' ? "" : "\n", status);
	}
	fclose(file);
}

size_t reports_collect(struct report *report, const char *pattern,
		       const char *token, pid_t pid, int status, char **first)
{
	static const char *const suffixes[] = {"", ".*"};
	struct found *list = NULL;
	size_t n = 0, i, k, read = 0;
	char *text;
	glob_t paths;

	for (i = 0; i < 2; i++) {
		text = pattern_glob(pattern, suffixes[i]);
		if (!glob(text, GLOB_NOSORT | (i ? GLOB_PERIOD : 0), NULL,
			  &paths)) {
			for (k = 0; k < paths.gl_pathc; k++)
				found_add(&list, &n, paths.gl_pathv[k], token,
					  pid);
			globfree(&paths);
		}
		free(text);
	}
	if (n)
		qsort(list, n, sizeof(*list), by_place);
	for (i = 0; i < n; i++) {
		if (list[i].is_main && !list[i].has_end)
			end_append(list[i].path, status);
		read += report_read(report, list[i].path);
		if (i)
			free(list[i].path);
	}
	*first = n ? list[0].path : NULL;
	free(list);
	return read;
}
