/*
 * The reports of one run. Each process that was followed wrote its own file,
 * named by the pattern, with ".PID" and ".PID.N" appended where names were
 * equal. Files of other runs may be beside them. The token in the first line
 * tells.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/collect.h"
#include "common/die.h"
#include "common/file.h"
#include "common/lines.h"
#include "model/model.h"
#include "model/parse.h"
#include "model/source.h"
#include "model/summary.h"

#define HEAD_MOST (1 << 20) /* of the first line */

/* Turns the pattern into one for glob(3): a star for what varies. All else
 * stands for itself. */
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
	bool tells; /* a finding or a warning, or it is damaged */
	bool aside; /* of a program that was not looked at */
	dev_t dev;
	ino_t ino;
};

/* Opens a file that was found by its name, without waiting for whatever
 * somebody else left there. -1 when it cannot be a report of the run. root may
 * have run programs as anybody, others have not. */
static int found_open(const char *path, struct stat *st)
{
	int fd = regular_open(path, O_RDONLY, st);

	if (fd >= 0 && geteuid() && st->st_uid != geteuid()) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* The first line, if it is of a report of this run; else NULL. */
static json_t *first_line(struct lines *lines, const char *token)
{
	json_t *record = NULL;
	const char *line, *run;
	char begin;
	size_t n;

	if (pread(lines->fd, &begin, 1, 0) != 1 || begin != '{')
		return NULL;
	if (lines_next(lines, &line, &n) == LINE_WHOLE)
		record = line_parse(line, n);
	run = json_string_value(json_object_get(record, "run"));
	if (line_is_program(record) && run && !strcmp(run, token))
		return record;
	json_decref(record);
	return NULL;
}

static bool has_end(struct lines *lines)
{
	bool ends = false;
	enum line kind;
	const char *line;
	size_t n;

	while ((kind = lines_next(lines, &line, &n)))
		ends |= kind == LINE_WHOLE && n > 10 &&
			!memcmp(line, "{\"t\":\"end\"", 10);
	return ends;
}

static void found_add(struct found **list, size_t *n, const char *path,
		      const char *token, pid_t pid)
{
	struct stat st;
	struct lines lines = lines_open(found_open(path, &st), HEAD_MOST);
	struct found *one;
	json_t *record;

	if (lines.fd < 0)
		return;
	record = first_line(&lines, token);
	if (record && !(*n & (*n - 1))) /* a power of two: full */
		*list = realloc(*list, (*n ? 2 * *n : 1) * sizeof(**list));
	if (record && !*list)
		die(STATUS_RUN_FAILED, "out of memory");
	if (record) {
		one = &(*list)[(*n)++];
		one->path = strdup(path);
		one->pid = json_integer_value(json_object_get(record, "pid"));
		one->is_main = one->pid == pid;
		one->has_end = one->is_main && has_end(&lines);
		one->dev = st.st_dev;
		one->ino = st.st_ino;
	}
	json_decref(record);
	lines_free(&lines);
	close(lines.fd);
}

/* Opens the file that was looked at before, and no other that may be there by
 * now. */
static int found_again(const struct found *one, int flags)
{
	struct stat st;
	int fd = regular_open(one->path, flags, &st);

	if (fd >= 0 && (st.st_ino != one->ino || st.st_dev != one->dev)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Two patterns may find the same file. */
static size_t twins_drop(struct found *list, size_t n)
{
	size_t i, to = 0;

	for (i = 0; i < n; i++)
		if (to && !strcmp(list[i].path, list[to - 1].path))
			free(list[i].path);
		else
			list[to++] = list[i];
	return to;
}

/* PROGRAM comes first. Of its files (it may have executed others) the oldest,
 * which has the shortest name. */
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

/* Appends the end. A line that was cut off stays a line of its own. */
static void end_append(const struct found *one, int status)
{
	int fd = found_again(one, O_RDWR | O_APPEND);
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	char last, line[64];
	int n;

	if (size > 0 && pread(fd, &last, 1, size - 1) == 1) {
		n = snprintf(line, sizeof(line),
			     "%s{\"t\":\"end\",\"exit\":%d}\n",
			     last == '\n' ? "" : "\n", status);
		if (write(fd, line, (size_t)n) < 0) {
			/* The last scan is missing either way. */
		}
	}
	if (fd >= 0)
		close(fd);
}

static struct found *reports_find(const char *pattern, const char *token,
				  pid_t pid, size_t *n)
{
	static const char *const suffixes[] = {"", ".*"};
	struct found *list = NULL;
	size_t i, k;
	char *text;
	glob_t paths;

	for (i = 0; i < 2; i++) {
		text = pattern_glob(pattern, suffixes[i]);
		if (!glob(text, GLOB_NOSORT | (i ? GLOB_PERIOD : 0), NULL,
			  &paths)) {
			for (k = 0; k < paths.gl_pathc; k++)
				found_add(&list, n, paths.gl_pathv[k], token,
					  pid);
			globfree(&paths);
		}
		free(text);
	}
	if (*n)
		qsort(list, *n, sizeof(*list), by_place);
	*n = twins_drop(list, *n);
	return list;
}

static bool found_read(struct report *report, struct found *one)
{
	int fd = found_again(one, O_RDONLY);
	struct text **end = report->damages_end;
	uint64_t told = report->told;
	bool read;

	if (fd < 0)
		return false;
	read = report_read_file(report, fd, one->path, LINE_MOST, 0);
	one->aside = read && report->program->aside;
	one->tells =
		!read || told != report->told || end != report->damages_end;
	return read;
}

struct collected reports_collect(struct report *report, const char *pattern,
				 const char *token, pid_t pid, int status)
{
	struct collected all = {0};
	size_t i;

	all.list = reports_find(pattern, token, pid, &all.n);
	for (i = 0; i < all.n; i++) {
		if (all.list[i].is_main && !all.list[i].has_end)
			end_append(&all.list[i], status);
		all.read += found_read(report, &all.list[i]);
	}
	return all;
}

static void found_remove(const struct found *one)
{
	int fd = found_again(one, O_RDONLY);

	if (fd >= 0) {
		unlink(one->path);
		close(fd);
	}
}

void reports_tidy(struct collected *all, const struct report *report,
		  bool named)
{
	struct summary sum = report_summary(report);
	bool clean = summary_is_empty(&sum) && !report->warnings;
	size_t i, n = 0;

	for (i = 0; i < all->n; i++) {
		struct found *one = &all->list[i];
		bool goes = one->aside ? !named || !one->is_main
				       : !named && !report->unknown &&
						 (clean || !one->tells);

		if (!goes) {
			all->list[n++] = *one;
			continue;
		}
		found_remove(one);
		free(one->path);
	}
	all->n = n;
}

const char *reports_first(const struct collected *all)
{
	return all->n ? all->list[0].path : NULL;
}

void reports_free(struct collected *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		free(all->list[i].path);
	free(all->list);
}
