/*
 * Report files → one report. A file is JSON lines (doc/design.md); each line
 * stands alone, so that a file which ends anywhere still says what it says.
 * Keys and records that are not known are skipped.
 *
 * Within one program a later sighting of a finding replaces its counts and
 * sums, while the sample stays the first one's; over several programs they
 * add up.
 */
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "record.h"
#include "tool.h"

#define FORMAT_NAME "gordian-lines/1"

struct report *report_new(void)
{
	struct report *report = calloc(1, sizeof(*report));

	if (!report)
		die(STATUS_FAILED, "out of memory");
	obstack_init(&report->memory);
	return report;
}

void report_free(struct report *report)
{
	struct module *module, *next;

	HASH_ITER(hh, report->modules, module, next)
		symbols_free(module->symbols);
	HASH_CLEAR(hh, report->findings);
	HASH_CLEAR(hh, report->modules);
	obstack_free(&report->memory, NULL);
	free(report);
}

static void text_append(struct report *report, struct text **list,
			const char *text, const struct stack *stack)
{
	struct text *entry = obstack_alloc(&report->memory, sizeof(*entry));

	entry->text = text;
	entry->stack = stack;
	entry->next = NULL;
	while (*list)
		list = &(*list)->next;
	*list = entry;
}

static void text_format(struct report *report, struct text **list,
			const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		die(STATUS_FAILED, "out of memory");
	text_append(report, list,
		    obstack_copy0(&report->memory, text, (int)strlen(text)),
		    NULL);
	free(text);
}

void report_warn(struct report *report, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_format(report, &report->warnings, format, arguments);
	va_end(arguments);
}

__attribute__((format(printf, 2, 3))) static void
report_damage(struct report *report, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_format(report, &report->damages, format, arguments);
	va_end(arguments);
}

json_t *line_parse(const char *line, size_t n)
{
	char *text = text_from_bytes(line, n);
	json_t *record = NULL;

	if (text)
		record = json_loads(text, JSON_ALLOW_NUL, NULL);
	free(text);
	if (record && !json_is_string(json_object_get(record, "t"))) {
		json_decref(record);
		record = NULL;
	}
	return record;
}

static bool record_is(const json_t *record, const char *type)
{
	const json_t *t = json_object_get(record, "t");

	return !strcmp(json_string_value(t), type);
}

bool line_is_program(const json_t *record)
{
	const json_t *format = json_object_get(record, "format");

	return record && record_is(record, "program") &&
	       json_is_string(format) &&
	       !strcmp(json_string_value(format), FORMAT_NAME);
}

static void read_program(struct report *report, const json_t *record)
{
	struct program *program = program_take(report, record);

	if (report->program)
		report->program->next = program;
	else
		report->programs = program;
	report->program = program;
	report->programs_n++;
}

static enum kind finding_kind(const json_t *record)
{
	const json_t *value = json_object_get(record, "kind");
	const char *kind =
		json_is_string(value) ? json_string_value(value) : "";

	if (!strcmp(kind, "lost"))
		return KIND_LOST;
	return strcmp(kind, "excess-ref") ? KIND_CYCLE : KIND_EXCESS_REF;
}

static enum confidence finding_confidence(const json_t *record)
{
	const json_t *value = json_object_get(record, "confidence");
	const char *word =
		json_is_string(value) ? json_string_value(value) : "";

	if (!strcmp(word, "certain"))
		return CERTAIN;
	return strcmp(word, "suspect") ? LIKELY : SUSPECT;
}

static struct finding *finding_new(struct report *report, const json_t *record,
				   const char *id)
{
	struct finding *finding =
		obstack_alloc(&report->memory, sizeof(*finding));

	memset(finding, 0, sizeof(*finding));
	finding->id = id;
	finding->kind = finding_kind(record);
	finding->first_scan = record_number(record, "scan");
	finding->program = report->programs_n;
	sample_take(report, finding, record);
	HASH_ADD_KEYPTR(hh, report->findings, finding->id, strlen(id), finding);
	return finding;
}

static struct sighting sighting_take(const struct report *report,
				     const json_t *record)
{
	struct sighting sighting = {
		.program = report->program,
		.before = report->last_scan,
		.scan = record_number(record, "scan"),
		.confidence = finding_confidence(record),
		.dead = json_is_true(json_object_get(record, "dead")),
	};

	sighting.sums = (struct sums){
		.count = record_number(record, "count"),
		.bytes = record_number(record, "bytes"),
		.retained_bytes = record_number(record, "retained_bytes"),
		.retained_blocks = record_number(record, "retained_blocks"),
		.outer_bytes = record_number(record, "outer_bytes"),
		.outer_unknown = !json_object_get(record, "outer_bytes"),
	};
	return sighting;
}

/* False: it has no id, so that nothing can be said about it. */
static bool read_finding(struct report *report, const json_t *record)
{
	const char *id = record_string(report, record, "id");
	struct sighting sighting;
	struct finding *finding;

	if (!id || !*id)
		return false;
	HASH_FIND_STR(report->findings, id, finding);
	if (!finding)
		finding = finding_new(report, record, id);
	else if (!finding->members_n)
		sample_take(report, finding, record);
	sighting = sighting_take(report, record);
	finding->program = report->programs_n;
	if (finding->program == finding->sampled) {
		/* The first program that has it: nothing to add to. */
		finding->nested_n = 0;
		finding->last_scan = sighting.scan;
	}
	nested_take(report, finding, record);
	sighting_add(report, finding, &sighting);
	return true;
}

/* Where a line of its findings is missing, it does not say what is gone. */
static bool scan_is_whole(const struct program *program,
			  const struct scan *scan)
{
	uint64_t found = program->scan == scan->n ? program->findings : 0;

	return scan->n > program->scans && found >= scan->findings;
}

static struct scan *read_scan(struct report *report, const json_t *record)
{
	struct scan *scan = scan_take(report, record);

	scan->pid = report->program->pid;
	if (scan_is_whole(report->program, scan))
		report->program->scans = scan->n;
	if (report->last_scan)
		report->last_scan->next = scan;
	else
		report->scans = scan;
	report->last_scan = scan;
	return scan;
}

static void read_end(struct report *report, const json_t *record)
{
	const json_t *value = json_object_get(record, "exit");

	report->program->has_exit = json_is_integer(value);
	report->program->exit = json_integer_value(value);
}

/* What a file is while it is read. */
struct source {
	FILE *file;
	const char *name;
	uint64_t until;
	unsigned long line, bad_line, bad_lines;
	bool done;
};

static void read_warning(struct report *report, const json_t *record)
{
	const char *text = record_string(report, record, "text");

	if (text)
		text_append(report, &report->warnings, text,
			    place_take(report, record));
}

static bool read_record(struct report *report, struct source *source,
			const json_t *record)
{
	if (record_is(record, "program")) {
		if (!line_is_program(record))
			return false;
		read_program(report, record);
	} else if (record_is(record, "finding")) {
		return read_finding(report, record);
	} else if (record_is(record, "scan")) {
		if (!record_number(record, "n"))
			return false;
		source->done = read_scan(report, record)->n == source->until;
	} else if (record_is(record, "warning")) {
		read_warning(report, record);
	} else if (record_is(record, "end")) {
		read_end(report, record);
	}
	return true;
}

/* The first line must be a program's; says why when it is not. */
static bool read_first(struct report *report, struct source *source,
		       const json_t *record)
{
	const json_t *format = json_object_get(record, "format");

	if (line_is_program(record)) {
		read_program(report, record);
		return true;
	}
	if (record && record_is(record, "program") && json_is_string(format))
		complain("'%s' is of the format '%s', which this version "
			 "cannot read (it reads '%s')",
			 source->name, json_string_value(format), FORMAT_NAME);
	else
		complain("'%s' is not a Gordian report: its first line is no "
			 "record of a program",
			 source->name);
	return false;
}

static bool read_line(struct report *report, struct source *source,
		      const char *line, size_t n)
{
	bool whole = line[n - 1] == '\n', good;
	json_t *record = line_parse(line, n);

	source->line++;
	if (source->line == 1) {
		good = read_first(report, source, record);
		json_decref(record);
		return good;
	}
	good = record && read_record(report, source, record);
	json_decref(record);
	if (!good && !whole)
		report_damage(report,
			      "'%s' is truncated at line %lu; what came "
			      "before it is shown",
			      source->name, source->line);
	else if (!good && !source->bad_lines++)
		source->bad_line = source->line;
	return true;
}

static bool read_lines(struct report *report, struct source *source)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int c = getc(source->file);
	bool good = true;

	if (c == EOF) {
		complain("'%s' is not a Gordian report: %s", source->name,
			 ferror(source->file) ? strerror(errno)
					      : "it is empty");
		return false;
	}
	ungetc(c, source->file);
	if (c != '{') { /* and do not look for the end of its first line */
		complain("'%s' is not a Gordian report", source->name);
		return false;
	}
	while (good && !source->done &&
	       (n = getline(&line, &room, source->file)) > 0)
		good = read_line(report, source, line, (size_t)n);
	free(line);
	if (good && ferror(source->file))
		report_damage(report,
			      "cannot read '%s' after line %lu: %s; what came "
			      "before it is shown",
			      source->name, source->line, strerror(errno));
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
	return good;
}

bool report_read_stream(struct report *report, FILE *file, const char *name,
			uint64_t until)
{
	struct source source = {.file = file, .name = name, .until = until};

	return read_lines(report, &source);
}

bool report_read(struct report *report, const char *path)
{
	struct stat status;
	FILE *file;
	bool good;

	if (!strcmp(path, "-"))
		return report_read_stream(report, stdin, "standard input", 0);
	file = fopen(path, "re");
	if (!file || fstat(fileno(file), &status)) {
		complain("cannot open '%s': %s", path, strerror(errno));
		return false;
	}
	if (S_ISDIR(status.st_mode)) {
		complain("cannot read '%s': it is a directory", path);
		fclose(file);
		return false;
	}
	good = report_read_stream(report, file, path, 0);
	fclose(file);
	return good;
}
