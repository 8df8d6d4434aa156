/*
 * A report file → its records. It is read line by line. A file that ends
 * anywhere still says what it says, and a damaged line is left out.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/die.h"
#include "common/hash.h"
#include "common/lines.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/parse.h"
#include "model/reader.h"
#include "model/source.h"

struct source {
	struct lines lines;
	const char *name;
	unsigned long bad_line, bad_lines;
};

#define JSON_FORM "{\"schema\": \"gordian-report/" /* --format=json's start */

/* Reads the first line, which must be a program's. Says why when it is not. */
static bool read_first(struct report *report, struct source *source,
		       const char *line, size_t n, const json_t *record)
{
	const json_t *format = json_object_get(record, "format");

	if (line_is_program(record)) {
		program_read(report, record);
		return true;
	}
	if (record && record_is(record, "program") && json_is_string(format))
		complain("'%s' is of the format '%s', which this version "
			 "cannot read (it reads '%s')",
			 source->name, json_string_value(format), FORMAT_NAME);
	else if (n > strlen(JSON_FORM) &&
		 !memcmp(line, JSON_FORM, strlen(JSON_FORM)))
		complain("'%s' was written by --format=json: only gordian "
			 "diff and --baseline read it; name the report that "
			 "it was made of",
			 source->name);
	else
		complain("'%s' is not a Gordian report: its first line is no "
			 "record of a program",
			 source->name);
	return false;
}

static void bad_note(struct report *report, struct source *source,
		     enum line kind)
{
	if (kind == LINE_CUT)
		report_damage(report,
			      "'%s' is truncated at line %lu; what came "
			      "before it is shown",
			      source->name, source->lines.number);
	else if (!source->bad_lines++)
		source->bad_line = source->lines.number;
}

static const char *read_error(int error)
{
	return error == EBADMSG ? "its compressed data are damaged or cut off"
				: strerror(error);
}

/* Tells in one line what was damaged. */
static void bad_tell(struct report *report, const struct source *source)
{
	if (source->lines.error)
		report_damage(report,
			      "cannot read '%s' after line %lu: %s; what came "
			      "before it is shown",
			      source->name, source->lines.number,
			      read_error(source->lines.error));
	if (source->bad_lines == 1)
		report_damage(report,
			      "'%s' is damaged at line %lu; the rest "
			      "is shown",
			      source->name, source->bad_line);
	else if (source->bad_lines)
		report_damage(report,
			      "'%s' is damaged at line %lu and at %lu more; "
			      "the rest is shown",
			      source->name, source->bad_line,
			      source->bad_lines - 1);
}

static void line_note(struct report *report, const char *line, size_t n,
		      enum line kind)
{
	if (kind == LINE_WHOLE || kind == LINE_CUT)
		report->lines_hash = hash_bytes(report->lines_hash, line, n);
}

/* Reads the lines after the first, up to the end of scan number `until`. */
static void read_rest(struct report *report, struct source *source,
		      uint64_t until)
{
	uint64_t scan = 0;
	const char *line;
	json_t *record;
	enum line kind;
	size_t n;

	while ((!until || scan != until) &&
	       (kind = lines_next(&source->lines, &line, &n))) {
		line_note(report, line, n, kind);
		if (kind == LINE_WHOLE && n == 1)
			continue; /* behind one that was cut off */
		record = kind == LINE_LONG ? NULL : line_parse(line, n);
		if (!record_read(report, record, &scan))
			bad_note(report, source, kind);
		json_decref(record);
	}
	bad_tell(report, source);
}

bool report_read_file(struct report *report, int fd, const char *name,
		      size_t most, uint64_t until)
{
	struct source source = {.lines = lines_open(fd, most), .name = name};
	int c;
	json_t *record = NULL;
	const char *line = NULL;
	bool good = false;
	enum line kind;
	size_t n = 0;

	lines_unpack(&source.lines);
	c = lines_peek(&source.lines);
	if (c < 0) {
		complain("'%s' is not a Gordian report: %s", name,
			 source.lines.error ? read_error(source.lines.error)
					    : "it is empty");
	} else if (c != '{') { /* and do not look for the end of its line */
		complain("'%s' is not a Gordian report", name);
	} else {
		kind = lines_next(&source.lines, &line, &n);
		line_note(report, line, n, kind);
		record = kind == LINE_LONG ? NULL : line_parse(line, n);
		good = read_first(report, &source, line, n, record);
		json_decref(record);
	}
	if (good)
		read_rest(report, &source, until);
	lines_free(&source.lines);
	close(fd);
	return good;
}

/* A pipe of another user's among the files could make us wait as long as he
 * likes. One that was handed over, as by a shell, is a link of /dev/fd. */
static bool is_others_pipe(const char *path)
{
	struct stat status;

	return !lstat(path, &status) && S_ISFIFO(status.st_mode) &&
	       status.st_uid != geteuid();
}

bool report_read(struct report *report, const char *path)
{
	struct stat status;
	int fd;

	if (!strcmp(path, "-"))
		return report_read_file(report, dup(STDIN_FILENO),
					"standard input", LINE_LONGEST, 0);
	if (is_others_pipe(path)) {
		complain("cannot read '%s': it is a pipe of another user's",
			 path);
		return false;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, &status)) {
		complain("cannot open '%s': %s", path, strerror(errno));
		return false;
	}
	if (S_ISDIR(status.st_mode)) {
		complain("cannot read '%s': it is a directory", path);
		close(fd);
		return false;
	}
	return report_read_file(report, fd, path, LINE_LONGEST, 0);
}
