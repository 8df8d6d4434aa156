/*
 * A report as JSON, in the form that doc/report.schema.json describes. Every
 * key is always there. What is unknown is null.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/text.h"
#include "model/kinds.h"
#include "model/model.h"
#include "model/scans.h"
#include "model/summary.h"
#include "model/witness.h"
#include "render/makers.h"
#include "render/render_json.h"

static json_t *text_json(const char *text)
{
	char *clean;
	json_t *value;

	if (!text)
		return json_null();
	clean = text_clean(text);
	value = clean ? json_string(clean) : NULL;
	free(clean);
	return value ? value : json_null();
}

static json_t *number_json(uint64_t number)
{
	return json_integer((json_int_t)number);
}

static json_t *program_json(const struct program *program)
{
	json_t *argv = json_array();
	size_t i;

	for (i = 0; i < program->argc; i++)
		json_array_append_new(argv, text_json(program->argv[i]));
	return json_pack(
		"{s:I, s:o, s:o, s:o}", "pid", (json_int_t)program->pid, "argv",
		argv, "exe", text_json(program->exe), "exit",
		program->has_exit ? json_integer(program->exit) : json_null());
}

static json_t *programs_json(const struct report *report)
{
	json_t *list = json_array();
	const struct program *program;

	for (program = report->programs; program; program = program->next)
		json_array_append_new(list, program_json(program));
	return list;
}

static void stacks_add(json_t *entry, const struct figures *figures)
{
	const struct {
		const char *key;
		uint64_t n;
	} counts[] = {
		{"stacks", figures->stacks},
		{"stacks_walked", figures->stacks_walked},
		{"stacks_unwound", figures->stacks_unwound},
		{"stacks_checked", figures->stacks_checked},
		{"stacks_different", figures->stacks_different},
	};
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		json_object_set_new(entry, counts[i].key,
				    number_json(counts[i].n));
}

static json_t *scan_json(const struct scan *scan)
{
	struct figures figures = scan_figures(scan);
	json_t *entry = json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:f, s:o, s:o, s:f, s:I}",
		"n", number_json(figures.n), "trigger",
		text_json(scan->trigger), "blocks", number_json(figures.blocks),
		"bytes", number_json(figures.bytes), "objects",
		number_json(figures.objects), "pause_us",
		number_json(figures.pause_us), "stopped_threads",
		number_json(figures.stopped_threads), "child_cpu_ms",
		figures.child_cpu_ms, "peak_child_kb",
		number_json(figures.peak_child_kb), "copied_kb",
		number_json(figures.copied_kb), "cost_ms", figures.cost_ms,
		"pid", (json_int_t)scan->program->pid);

	stacks_add(entry, &figures);
	return entry;
}

static json_t *symbol_json(const struct frame *frame,
			   const struct symbol *symbol)
{
	const char *path = frame->module ? frame->module->path : NULL;
	json_t *line =
		symbol->line > 0 ? json_integer(symbol->line) : json_null();

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "function",
			 text_json(symbol->function), "file",
			 text_json(symbol->file), "line", line, "module",
			 text_json(path && *path ? path : NULL), "offset",
			 number_json(frame->address), "inlined",
			 symbol->inlined);
}

static json_t *stack_json(const struct stack *stack)
{
	json_t *list = json_array();
	size_t i, k;

	for (i = 0; i < stack->n; i++) {
		const struct frame *frame = &stack->frames[i];
		const struct place *place = frame->place;

		for (k = 0; k < place->n; k++)
			json_array_append_new(
				list, symbol_json(frame, &place->symbols[k]));
	}
	return list;
}

static json_t *resources_json(const struct member *member)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < member->resources_n; i++)
		json_array_append_new(list, text_json(member->resources[i]));
	return list;
}

/* The stack that an earlier member in list has already, or NULL. */
static json_t *stack_shared(const struct finding *finding, const json_t *list,
			    size_t member)
{
	size_t i;

	for (i = 0; i < member; i++)
		if (finding->members[i].stack == finding->members[member].stack)
			return json_incref(json_object_get(
				json_array_get(list, i), "stack"));
	return NULL;
}

static json_t *members_json(const struct finding *finding)
{
	json_t *list = json_array(), *entry;
	size_t i;

	for (i = 0; i < finding->members_n; i++) {
		const struct member *member = &finding->members[i];
		json_t *stack = stack_shared(finding, list, i);

		entry = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "type",
				  text_json(member->type), "size",
				  number_json(member->size), "address",
				  text_json(member->address), "refcount",
				  member->has_count
					  ? json_integer(member->count)
					  : json_null(),
				  "finalizer", text_json(member->finalizer),
				  "resources", resources_json(member), "stack",
				  stack ? stack : stack_json(member->stack));
		json_array_append_new(list, entry);
	}
	return list;
}

static json_t *edges_json(const struct finding *finding)
{
	json_t *list = json_array(), *entry;
	size_t i;

	for (i = 0; i < finding->edges_n; i++) {
		const struct edge *edge = &finding->edges[i];

		entry = json_pack(
			"{s:o, s:o, s:I, s:o, s:s, s:o}", "from",
			number_json(edge->from), "to", number_json(edge->to),
			"offset", (json_int_t)edge->offset, "field",
			text_json(edge->field), "kind", edge->kind, "stack",
			edge->stack ? stack_json(edge->stack) : json_null());
		json_array_append_new(list, entry);
	}
	return list;
}

static json_t *acquires_json(const struct finding *finding)
{
	json_t *list = json_array(), *entry;
	size_t i;

	for (i = 0; i < finding->acquires_n; i++) {
		const struct acquire *acquire = &finding->acquires[i];

		entry = json_pack("{s:o, s:o, s:o}", "member",
				  number_json(acquire->member), "count",
				  number_json(acquire->count), "stack",
				  stack_json(acquire->stack));
		json_array_append_new(list, entry);
	}
	return list;
}

static json_t *nested_json(const struct finding *finding)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < finding->nested_n; i++)
		json_array_append_new(list, text_json(finding->nested[i]));
	return list;
}

/* The processes that have a finding. */
static json_t *pids_json(struct report *report, const struct finding *finding)
{
	const struct program **programs;
	json_t *list = json_array();
	size_t n, i;

	programs = finding_programs(report, finding, &n);
	for (i = 0; i < n; i++)
		json_array_append_new(list, json_integer(programs[i]->pid));
	return list;
}

static json_t *finding_json(struct report *report,
			    const struct finding *finding)
{
	const struct sums *sums = &finding->sums;
	json_t *cut = json_null(), *object;

	if (finding->cut >= 0)
		cut = json_pack("{s:I, s:o}", "edge", (json_int_t)finding->cut,
				"reason",
				text_json(finding->cut_reason
						  ? finding->cut_reason
						  : ""));
	object = json_pack(
		"{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
		text_json(finding->id), "kind", kind_words[finding->kind].word,
		"confidence", confidence_words[finding->confidence], "count",
		number_json(sums->count), "bytes", number_json(sums->bytes),
		"retained_bytes", number_json(sums->retained_bytes),
		"retained_blocks", number_json(sums->retained_blocks),
		"first_scan", number_json(finding->first_scan), "last_scan",
		number_json(finding->last_scan));
	if (finding->members_total > finding->members_n)
		json_object_set_new(object, "members_total",
				    number_json(finding->members_total));
	json_object_set_new(object, "members", members_json(finding));
	json_object_set_new(object, "edges", edges_json(finding));
	json_object_set_new(object, "acquires", acquires_json(finding));
	if (finding->references >= 0)
		json_object_set_new(object, "references",
				    json_integer(finding->references));
	json_object_set_new(object, "cut", cut);
	json_object_set_new(object, "nested", nested_json(finding));
	json_object_set_new(object, "pids", pids_json(report, finding));
	if (finding->gone)
		json_object_set_new(object, "gone", json_true());
	if (finding->came_back)
		json_object_set_new(object, "came_back", json_true());
	if (finding->held_by)
		json_object_set_new(object, "held_by",
				    text_json(finding->held_by));
	return object;
}

static json_t *summary_json(const struct report *report)
{
	struct summary sum = report_summary(report);

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o, s:o, s:o}",
		"findings", number_json(sum.findings), "cycles",
		number_json(sum.cycles), "lost", number_json(sum.lost),
		"excess_refs", number_json(sum.excess_refs), "bytes",
		number_json(sum.bytes), "retained_bytes",
		number_json(sum.retained_bytes), "suppressed", 0, "suspects",
		number_json(sum.suspects), "gone", number_json(sum.gone),
		"came_back", number_json(sum.came_back), "unscanned",
		number_json(report->unscanned));
}

static json_t *warnings_json(struct report *report)
{
	json_t *list = json_array();
	const struct text *warning;

	for (warning = report->unknown; warning; warning = warning->next)
		json_array_append_new(list, text_json(warning->text));
	for (warning = report->warnings; warning; warning = warning->next)
		json_array_append_new(list,
				      text_json(warning_text(report, warning)));
	return list;
}

/* A terminal may delete the character before this one. */
#define DELETE '\x7f'

static int part_print(const char *part, size_t size, void *out)
{
	const char *end = part + size, *at;

	for (; part < end; part = at + 1) {
		at = memchr(part, DELETE, (size_t)(end - part));
		at = at ? at : end;
		fwrite(part, 1, (size_t)(at - part), out);
		if (at < end)
			fputs("\\u007f", out);
	}
	return ferror(out) ? -1 : 0;
}

/* Prints value, and takes it over. */
static void value_print(FILE *out, json_t *value)
{
	if (json_dump_callback(value, part_print, out,
			       JSON_INDENT(1) | JSON_ENCODE_ANY |
				       JSON_ENSURE_ASCII |
				       JSON_REAL_PRECISION(15)) &&
	    !ferror(out))
		die(STATUS_FAILED, "out of memory");
	json_decref(value);
}

static void key_print(FILE *out, const char *key, json_t *value)
{
	fprintf(out, ",\n\"%s\": ", key);
	value_print(out, value);
}

/* Prints scans one by one: together they can be larger than memory. */
static void scans_print(const struct report *report, FILE *out)
{
	const struct scan *scan;

	fputs(",\n\"scans\": [", out);
	for (scan = report->scans; scan; scan = scan->next) {
		value_print(out, scan_json(scan));
		fputs(scan->next ? ",\n" : "", out);
	}
	fputc(']', out);
}

static void findings_print(struct report *report, FILE *out)
{
	const struct finding *finding;

	fputs(",\n\"findings\": [", out);
	for (finding = report->findings; finding; finding = finding->hh.next) {
		value_print(out, finding_json(report, finding));
		fputs(finding->hh.next ? ",\n" : "", out);
	}
	fputc(']', out);
}

void render_json(struct report *report, FILE *out)
{
	fputs("{\"schema\": \"gordian-report/1\"", out);
	key_print(out, "program",
		  report->programs ? program_json(report->programs)
				   : json_null());
	key_print(out, "programs", programs_json(report));
	scans_print(report, out);
	findings_print(report, out);
	key_print(out, "summary", summary_json(report));
	key_print(out, "warnings", warnings_json(report));
	fputs("}\n", out);
}
