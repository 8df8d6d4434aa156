/*
 * See ledger.h. A report's file needs the programs' own files for the names
 * from which ids are made. The JSON has the ids.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/die.h"
#include "common/file.h"
#include "common/lines.h"
#include "common/text.h"
#include "known/ledger.h"
#include "meaning/explain.h"
#include "model/finish.h"
#include "model/growing.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/source.h"

#define FORM "gordian-report/"
#define SCHEMA FORM "1"
#define PIPED_MOST ((size_t)1 << 30)

static void add(struct known **all, const struct known *known)
{
	struct known *one = malloc(sizeof(*one));

	if (!one)
		die(STATUS_FAILED, "out of memory");
	*one = *known;
	HASH_ADD_KEYPTR(hh, *all, one->id, strlen(one->id), one);
}

struct known *ledger_find(const struct ledger *ledger, const char *id)
{
	struct known *known;

	HASH_FIND_STR(ledger->all, id, known);
	return known;
}

static struct known *growing_find(const struct ledger *ledger, const char *id)
{
	struct known *known;

	HASH_FIND_STR(ledger->growing, id, known);
	return known;
}

static void report_take_all(struct ledger *ledger)
{
	const struct finding *finding;
	const struct growing *growing;

	for (finding = ledger->report->findings; finding;
	     finding = finding->hh.next)
		if (!finding->gone)
			add(&ledger->all,
			    &(struct known){.id = finding->id,
					    .count = finding->sums.count,
					    .bytes = finding->sums.bytes,
					    .is_alarm =
						    finding_is_alarm(finding),
					    .finding = finding});
	for (growing = ledger->report->growing; growing;
	     growing = growing->hh.next)
		if (growing->id)
			add(&ledger->growing,
			    &(struct known){.id = growing->id,
					    .count = growing_blocks(growing)});
}

static bool json_is_alarm(const json_t *entry, json_int_t count)
{
	const char *confidence =
		json_string_value(json_object_get(entry, "confidence"));
	const json_t *before = json_object_get(entry, "baseline");

	return confidence && strcmp(confidence, "suspect") != 0 &&
	       !json_is_true(json_object_get(entry, "pending")) &&
	       !(before && json_integer_value(before) >= count);
}

/* False: that is no finding. */
static bool json_take(struct ledger *ledger, const json_t *entry)
{
	const char *id = json_string_value(json_object_get(entry, "id"));
	json_int_t count = json_integer_value(json_object_get(entry, "count"));
	json_int_t bytes = json_integer_value(json_object_get(entry, "bytes"));

	if (!id || count < 0 || bytes < 0)
		return false;
	if (json_is_true(json_object_get(entry, "gone")) ||
	    ledger_find(ledger, id))
		return true;
	add(&ledger->all,
	    &(struct known){.id = id,
			    .count = (uint64_t)count,
			    .bytes = (uint64_t)bytes,
			    .is_alarm = json_is_alarm(entry, count),
			    .json = entry});
	return true;
}

/* Those that have no id are new each time. False: that is no place. */
static bool json_take_growing(struct ledger *ledger, const json_t *entry)
{
	const char *id = json_string_value(json_object_get(entry, "id"));
	const json_t *counts = json_object_get(entry, "count");
	size_t n = json_array_size(counts);
	json_int_t last =
		n ? json_integer_value(json_array_get(counts, n - 1)) : -1;

	if (last < 0)
		return false;
	if (id && !growing_find(ledger, id))
		add(&ledger->growing,
		    &(struct known){.id = id, .count = (uint64_t)last});
	return true;
}

static bool json_take_all(struct ledger *ledger)
{
	const json_t *list = json_object_get(ledger->json, "findings");
	const json_t *growing = json_object_get(ledger->json, "growing");
	size_t i;

	if (!json_is_array(list))
		return false;
	for (i = 0; i < json_array_size(list); i++)
		if (!json_take(ledger, json_array_get(list, i)))
			return false;
	for (i = 0; i < json_array_size(growing); i++)
		if (!json_take_growing(ledger, json_array_get(growing, i)))
			return false;
	return true;
}

/* Whether it begins as the JSON does, whoever laid it out. */
static bool begins_as_json(FILE *file)
{
	char head[64], *to = head;
	size_t i, n = fread(head, 1, sizeof(head) - 1, file);

	for (i = 0; i < n; i++)
		if (!strchr(" \t\r\n", head[i]))
			*to++ = head[i];
	*to = '\0';
	rewind(file);
	return text_begins(head, "{\"schema\":\"" FORM);
}

static void json_open(struct ledger *ledger, FILE *file, const char *path,
		      int status)
{
	json_error_t error;
	const char *schema;

	ledger->json = json_loadf(file, 0, &error);
	if (!ledger->json)
		die(status, "'%s' is damaged at line %d: %s", path, error.line,
		    error.text);
	schema = json_string_value(json_object_get(ledger->json, "schema"));
	if (!schema || strcmp(schema, SCHEMA) != 0)
		die(status,
		    "'%s' is of another format, which this version cannot read "
		    "(it reads '" SCHEMA "')",
		    path);
	if (!json_take_all(ledger))
		die(status, "'%s' is damaged: a finding or place is none",
		    path);
}

static void file_open(struct ledger *ledger, FILE *file, const char *path,
		      int status)
{
	int fd = dup(fileno(file));

	struct report *report = ledger->report = report_new();

	report->is_part = true;
	if (fd < 0 || lseek(fd, 0, SEEK_SET) ||
	    !report_read_file(report, fd, path, LINE_LONGEST, 0))
		exit(status);
	if (report_damages(report))
		die(status, "'%s' cannot be compared with: it is damaged",
		    path);
	report_finish(report);
	report_explain(report);
	report_take_all(ledger);
}

/* Copies a pipe into memory, as a report is read twice. -1 with errno. */
static int piped_open(const char *path)
{
	int fd = memfd_create("report", MFD_CLOEXEC);
	size_t n, done = 0;
	char *bytes = fd < 0 ? NULL : file_bytes(path, PIPED_MOST, &n);
	ssize_t put = 1;

	for (; bytes && done < n && put > 0; done += put > 0 ? (size_t)put : 0)
		put = write(fd, bytes + done, n - done);
	free(bytes);
	if (!bytes || put <= 0 || lseek(fd, 0, SEEK_SET)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Whether it is a name that shells use for what they have opened for us. */
static bool is_opened(const char *path)
{
	return text_begins(path, "/dev/fd/") ||
	       text_begins(path, "/proc/self/fd/"); /* zsh */
}

/* Opens a regular file, or a pipe that the shell has opened for us. Any other
 * pipe might have no end. */
static int any_open(const char *path)
{
	struct stat info;
	int fd = regular_open(path, O_RDONLY, &info);

	if (fd >= 0 || errno != EINVAL || !is_opened(path))
		return fd;
	return piped_open(path);
}

struct ledger ledger_open(const char *path, int status)
{
	struct ledger ledger = {0};
	int fd = any_open(strcmp(path, "-") ? path : "/dev/fd/0");
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (!file)
		die(status, "cannot open '%s': %s", path,
		    errno == EINVAL ? "it is no regular file"
				    : strerror(errno));
	if (begins_as_json(file))
		json_open(&ledger, file, path, status);
	else
		file_open(&ledger, file, path, status);
	fclose(file);
	return ledger;
}

static void all_free(struct known *all)
{
	struct known *known, *next;

	HASH_ITER(hh, all, known, next) {
		HASH_DEL(all, known);
		free(known);
	}
}

void ledger_close(struct ledger *ledger)
{
	all_free(ledger->all);
	all_free(ledger->growing);
	if (ledger->report)
		report_free(ledger->report);
	json_decref(ledger->json);
}

/* Its blocks are more each time that it is looked at. */
static void growing_settle(struct report *report, const struct ledger *baseline)
{
	const struct known *known;
	struct growing *growing;

	for (growing = report->growing; growing; growing = growing->hh.next) {
		known = growing->id ? growing_find(baseline, growing->id)
				    : NULL;
		if (!known)
			continue;
		growing->baseline = known->count;
		growing->is_known = true;
	}
	growing_sort(report);
}

void report_settle(struct report *report, const struct ledger *baseline)
{
	const struct known *known;
	struct finding *finding;

	for (finding = report->findings; finding; finding = finding->hh.next) {
		known = ledger_find(baseline, finding->id);
		if (!known)
			continue;
		finding->baseline = known->count;
		finding->is_known = finding_is_alarm(finding) &&
				    finding->sums.count <= known->count;
	}
	findings_order(report);
	growing_settle(report, baseline);
}
