/*
 * Records → one report. Each record stands alone (doc/design/report.md).
 * Unknown keys and records are skipped.
 *
 * Within one program a later record of a finding replaces its counts and sums,
 * while the sample stays the first one's. Over several programs they add up.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "model/account.h"
#include "model/gone.h"
#include "model/growing.h"
#include "model/kinds.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/nested.h"
#include "model/parse.h"
#include "model/reader.h"
#include "model/record.h"
#include "model/sample.h"
#include "model/scans.h"

void program_read(struct report *report, const json_t *record)
{
	struct program *program = program_take(report, record);

	if (report->program)
		report->program->next = program;
	else
		report->programs = program;
	report->program = program;
	report->programs_n++;
}

/* "" where it has none. */
static const char *word_of(const json_t *record, const char *key)
{
	const json_t *value = json_object_get(record, key);

	return json_is_string(value) ? json_string_value(value) : "";
}

static struct finding *finding_new(struct report *report, const json_t *record,
				   const char *id)
{
	struct finding *finding =
		obstack_alloc(&report->memory, sizeof(*finding));

	memset(finding, 0, sizeof(*finding));
	finding->id = id;
	finding->kind = kind_of_word(word_of(record, "kind"));
	finding->first_scan = record_number(record, "scan");
	finding->program = report->programs_n;
	finding->undecided = json_is_true(json_object_get(record, "undecided"));
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
		.confidence = confidence_of_word(word_of(record, "confidence")),
		.dead = json_is_true(json_object_get(record, "dead")),
		.pending = json_is_true(json_object_get(record, "pending")),
		.final = json_is_true(json_object_get(record, "final")),
	};

	sighting.sums = (struct sums){
		.count = record_number(record, "count"),
		.bytes = record_number(record, "bytes"),
		.retained_bytes = record_number(record, "retained_bytes"),
		.retained_blocks = record_number(record, "retained_blocks"),
		.outer_bytes = record_number(record, "outer_bytes"),
		.outer = record_number(record, "outer"),
		.blocks = record_number(record, "blocks"),
		.outer_unknown = !json_object_get(record, "outer_bytes"),
	};
	return sighting;
}

/* False: the record has no id, so nothing can be said about it. */
static bool read_finding(struct report *report, const json_t *record)
{
	const char *id = record_string(report, record, "id");
	struct sighting sighting;
	struct finding *finding;

	if (!id || !*id)
		return false;
	report->told++;
	HASH_FIND_STR(report->findings, id, finding);
	if (!finding)
		finding = finding_new(report, record, id);
	else if (!finding->members_n)
		sample_take(report, finding, record);
	sighting = sighting_take(report, record);
	finding->program = report->programs_n;
	if (finding->program == finding->sampled) {
		/* The first program that has it: nothing to add to. */
		nested_forget(finding);
		finding->last_scan = sighting.scan;
	}
	nested_take(report, finding, record);
	sighting_add(report, finding, &sighting);
	return true;
}

/* Whether all lines of a scan's findings are here. Otherwise it does not say
 * what is gone. */
static bool scan_is_whole(const struct program *program,
			  const struct figures *scan)
{
	uint64_t found = program->scan == scan->n ? program->findings : 0;

	return scan->n > program->scans && found >= scan->findings;
}

/* A scan has ended that somebody asked for. */
static void asked_note(struct report *report, uint64_t n)
{
	struct finding *finding;

	report->since = report->asked;
	report->asked = n;
	for (finding = report->findings; finding; finding = finding->hh.next) {
		const struct sighting *last = &finding->sighting;

		finding->earlier = finding->asked;
		finding->asked = last->scan == n ? last->sums.count : 0;
	}
}

/* Reads a scan's line. Its number; 0: it has none. */
static uint64_t read_scan(struct report *report, const json_t *record)
{
	struct figures figures = figures_take(record);
	struct scan *scan;

	if (!figures.n)
		return 0;
	scan = scan_take(report, record, &figures);
	report->program->last_trigger = scan->trigger;
	if (scan_is_whole(report->program, &figures))
		report->program->scans = figures.n;
	if (report->last_scan)
		report->last_scan->next = scan;
	else
		report->scans = scan;
	report->last_scan = scan;
	if (report->is_part && scan->trigger &&
	    !strcmp(scan->trigger, "request"))
		asked_note(report, figures.n);
	return figures.n;
}

/* The first warning that says why scans are missing is told with what is
 * unknown. */
static void read_warning(struct report *report, const json_t *record)
{
	const char *text = record_string(report, record, "text");
	bool missing = json_is_true(json_object_get(record, "missing"));

	report->told++;
	if (report->at_end && json_is_true(json_object_get(record, "told")))
		return;
	if (text && missing && !report->program->missing)
		report->program->missing = text;
	else if (text)
		text_append(report, &report->warnings_end, text,
			    place_take(report, record));
}

bool record_read(struct report *report, const json_t *record, uint64_t *scan)
{
	*scan = 0;
	if (!record)
		return false;
	if (record_is(record, "program")) {
		if (!line_is_program(record))
			return false;
		program_read(report, record);
	} else if (record_is(record, "finding")) {
		return read_finding(report, record);
	} else if (record_is(record, "growing")) {
		return growing_read(report, record);
	} else if (record_is(record, "scan")) {
		*scan = read_scan(report, record);
		return *scan;
	} else if (record_is(record, "warning")) {
		read_warning(report, record);
	} else if (record_is(record, "end")) {
		end_read(report, record);
	} else if (record_is(record, "exec")) {
		exec_read(report, record);
	} else if (record_is(record, "aside")) {
		aside_read(report);
	} else if (record_is(record, "clean")) {
		clean_read(report, record);
	} else if (record_is(record, "child")) {
		child_read(report, record);
	}
	return true;
}
