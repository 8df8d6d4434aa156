/*
 * See html.h. The page is page.html, with the style, the report as JSON and the
 * script put in where it says so. The script draws everything, with the DOM's
 * own functions: no text of the report is ever read as HTML.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "forms/excerpt.h"
#include "forms/html.h"
#include "forms/repository.h"
#include "forms/said.h"
#include "forms/spot.h"
#include "model/growing.h"
#include "model/history.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/scans.h"
#include "model/summary.h"
#include "render/json_finding.h"
#include "render/json_growing.h"
#include "render/json_program.h"
#include "render/json_value.h"
#include "render/makers.h"
#include "render/names.h"
#include "render/order.h"
#include "render/subject.h"

#define FILE_IN(name, file)                   \
	__asm__(".section .rodata\n"          \
		".balign 8\n" #name ":\n"     \
		".incbin \"" PAGE file "\"\n" \
		".byte 0\n"                   \
		".previous\n");               \
	extern const char name[]

FILE_IN(page_frame, "page.html");
FILE_IN(page_style, "page.css");
FILE_IN(page_script, "page.js");

/* Stacks that are alike are written once: text to index. */
struct stacks {
	json_t *list, *index;
};

/* Puts the index of the stack under the key in its place. */
static void stack_share(struct stacks *stacks, json_t *holder)
{
	json_t *stack = json_object_get(holder, "stack"), *number;
	char *text;

	if (!json_is_array(stack))
		return;
	text = json_dumps(stack, JSON_COMPACT);
	if (!text)
		die(STATUS_FAILED, "out of memory");
	number = json_object_get(stacks->index, text);
	if (!number) {
		number =
			json_integer((json_int_t)json_array_size(stacks->list));
		json_object_set_new(stacks->index, text, number);
		json_array_append(stacks->list, stack);
	}
	json_object_set(holder, "stack", number);
	free(text);
}

static void stacks_share(struct stacks *stacks, json_t *finding)
{
	static const char *const keys[] = {"members", "edges", "acquires"};
	size_t i, k;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		json_t *list = json_object_get(finding, keys[i]);

		for (k = 0; k < json_array_size(list); k++)
			stack_share(stacks, json_array_get(list, k));
	}
}

static json_t *moment_json(uint64_t scan, uint64_t count, uint64_t bytes)
{
	return json_pack("[o, o, o]", number_json(scan), number_json(count),
			 number_json(bytes));
}

static json_t *history_json(const struct finding *finding)
{
	struct moment points[HISTORY_POINTS];
	size_t n = history_points(finding->history, points), i;
	json_t *list = json_array();

	for (i = 0; i < n; i++)
		json_array_append_new(list, moment_json(points[i].scan,
							points[i].count,
							points[i].bytes));
	return list;
}

/* "make_shared in club()  club.cc:24" of each member. */
static json_t *makers_json(struct report *report, const struct finding *finding)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < finding->members_n; i++) {
		struct maker maker =
			stack_maker(report, finding->members[i].stack);

		json_array_append_new(
			list, json_pack("[o, o]",
					text_json(maker_doing(report, &maker)),
					text_json(maker.where)));
	}
	return list;
}

static bool has_excerpt(const json_t *list, const struct spot *spot)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		const json_t *other = json_array_get(list, i);
		const char *path =
			json_string_value(json_object_get(other, "path"));
		json_int_t line =
			json_integer_value(json_object_get(other, "line"));

		if (path && line == spot->line && !strcmp(path, spot->path))
			return true;
	}
	return false;
}

static void excerpt_add(json_t *list, struct report *report,
			const struct stack *stack, const char *what)
{
	struct spot spot = stack_spot(report, stack);
	const char *path = spot.path;
	json_t *excerpt;

	if (path && spot.inside && path[0] != '/')
		path = text_print(report, "%s/%s", repository_top(), path);
	if (!path || has_excerpt(list, &spot))
		return;
	excerpt = excerpt_json(path, spot.line);
	if (!excerpt)
		return;
	json_object_set_new(excerpt, "path", text_json(spot.path));
	json_object_set_new(excerpt, "line", json_integer(spot.line));
	json_object_set_new(excerpt, "what", json_string(what));
	json_array_append_new(list, excerpt);
}

/* Where the head was allocated, where the reference to cut was taken, or else
 * its holder allocated; where references were taken. */
static json_t *excerpts_json(struct report *report,
			     const struct finding *finding)
{
	const struct edge *cut =
		finding->cut >= 0 ? &finding->edges[finding->cut] : NULL;
	json_t *list = json_array();
	size_t i;

	if (!finding->members_n)
		return list;
	excerpt_add(list, report, finding->members[finding->head].stack,
		    "allocated here");
	if (cut && cut->stack)
		excerpt_add(list, report, cut->stack,
			    "the reference to cut was taken here");
	else if (cut && cut->from != finding->head)
		excerpt_add(list, report, finding->members[cut->from].stack,
			    "what holds the reference to cut was allocated "
			    "here");
	for (i = 0; i < finding->acquires_n && i < 3; i++)
		excerpt_add(list, report, finding->acquires[i].stack,
			    "a reference was taken here");
	return list;
}

static json_t *entry_json(struct report *report, const struct finding *finding,
			  struct stacks *stacks)
{
	void *mark = report_mark(report);
	json_t *entry = finding_json(report, finding);

	stacks_share(stacks, entry);
	json_object_set_new(entry, "line",
			    text_json(finding_line(report, finding)));
	json_object_set_new(entry, "subject",
			    text_json(finding_subject(report, finding)));
	json_object_set_new(entry, "one_keeps",
			    text_json(finding_kept(report, finding)));
	json_object_set_new(entry, "makers", makers_json(report, finding));
	json_object_set_new(entry, "history", history_json(finding));
	if (finding->history && report->programs_n > 1)
		json_object_set_new(
			entry, "historyOf",
			json_integer(finding->history->program->pid));
	json_object_set_new(entry, "excerpts", excerpts_json(report, finding));
	json_object_set_new(entry, "rank", number_json(finding->rank));
	json_object_set_new(entry, "text",
			    text_json(finding_passage(report, finding)));
	if (finding->is_known)
		json_object_set_new(entry, "known", json_true());
	report_rewind(report, mark);
	return entry;
}

/* All findings; those of the text form first, in its order. */
static json_t *findings_json(struct report *report, struct stacks *stacks)
{
	struct order order = order_make(report);
	json_t *list = json_array();
	const struct finding *finding;
	size_t i;

	for (i = 0; i < order.n; i++)
		json_array_append_new(
			list,
			entry_json(report, order.list[i].finding, stacks));
	for (finding = report->findings; finding; finding = finding->hh.next)
		if (!finding->rank)
			json_array_append_new(
				list, entry_json(report, finding, stacks));
	free(order.list);
	return list;
}

#define GROWING_MOST 100

/* Steps of the path have no stacks of their own. */
static json_t *place_json(struct report *report, const struct growing *growing,
			  struct stacks *stacks)
{
	json_t *entry = growing_json(report, growing), *step;
	const struct member *member = growing_member(growing);
	size_t i;

	json_array_foreach(json_object_get(entry, "path"), i, step)
		json_object_del(step, "stack");
	stack_share(stacks, entry);
	json_object_set_new(
		entry, "label",
		text_json(member ? member_label(report, member) : NULL));
	json_object_set_new(entry, "maker",
			    text_json(stack_place(report, growing->stack)));
	return entry;
}

/* Of the text form's first screen, and some more. */
static json_t *places_json(struct report *report, struct stacks *stacks)
{
	const struct growing *growing = report->growing;
	json_t *list = json_array();
	size_t n;

	for (n = 0; growing && n < GROWING_MOST; n++) {
		json_array_append_new(list,
				      place_json(report, growing, stacks));
		growing = growing->hh.next;
	}
	return list;
}

#define SCANS_MOST 1000 /* a plot has no more points */

static size_t scans_count(const struct report *report)
{
	const struct scan *scan;
	size_t n = 0;

	for (scan = report->scans; scan; scan = scan->next)
		n++;
	return n;
}

static json_t *scan_json(const struct scan *scan)
{
	struct figures figures = scan_figures(scan);

	return json_pack("[I, o, o, o, o, o]", (json_int_t)scan->program->pid,
			 number_json(figures.n), text_json(scan->trigger),
			 number_json(figures.blocks),
			 number_json(figures.bytes),
			 number_json(figures.pause_us));
}

/* [pid, n, trigger, blocks, bytes, pause in µs] of each; of many scans those
 * with the longest pause of several, and the last. */
static json_t *scans_json(const struct report *report)
{
	size_t step = scans_count(report) / SCANS_MOST + 1, i = 0;
	const struct scan *scan, *longest = NULL;
	json_t *list = json_array();
	uint64_t most = 0, pause;

	for (scan = report->scans; scan; scan = scan->next) {
		pause = scan_figures(scan).pause_us;
		if (!longest || pause > most) {
			longest = scan;
			most = pause;
		}
		if (++i % step && scan->next)
			continue;
		json_array_append_new(list,
				      scan_json(scan->next ? longest : scan));
		longest = NULL;
	}
	return list;
}

static json_t *texts_json(struct report *report, const struct text *text)
{
	json_t *list = json_array();

	for (; text; text = text->next)
		json_array_append_new(list,
				      text_json(warning_text(report, text)));
	return list;
}

static json_t *report_json(struct report *report)
{
	struct summary sum = report_summary(report);
	struct stacks stacks = {json_array(), json_object()};
	json_t *whole =
		json_pack("{s:o, s:o, s:o, s:o, s:o}", "programs",
			  programs_json(report), "scans", scans_json(report),
			  "findings", findings_json(report, &stacks), "unknown",
			  texts_json(report, report->unknown), "warnings",
			  texts_json(report, report->warnings));

	json_object_set_new(whole, "growing", places_json(report, &stacks));
	json_object_set_new(whole, "stacks", stacks.list);
	json_object_set_new(
		whole, "summary",
		json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			  "cycles", number_json(sum.cycles), "lost",
			  number_json(sum.lost), "excess_refs",
			  number_json(sum.excess_refs), "bytes",
			  number_json(sum.bytes), "retained_bytes",
			  number_json(sum.retained_bytes), "suspects",
			  number_json(sum.suspects), "pending",
			  number_json(sum.pending), "growing",
			  number_json(sum.growing), "places",
			  number_json(growing_count(report))));
	json_object_set_new(whole, "version", json_string(PACKAGE_VERSION));
	json_decref(stacks.index);
	return whole;
}

/* Inside of a script nothing may look like its end. A terminal may obey what
 * stands for deletion. */
static int data_write(const char *part, size_t n, void *out)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (part[i] == '<' || part[i] == '\x7f')
			fprintf(out, "\\u%04x", part[i]);
		else
			fputc(part[i], out);
	return 0;
}

static void data_print(struct report *report, FILE *out)
{
	json_t *whole = report_json(report);

	if (json_dump_callback(whole, data_write, out,
			       JSON_COMPACT | JSON_ENSURE_ASCII))
		die(STATUS_FAILED, "out of memory");
	json_decref(whole);
}

/* Prints up to the mark; returns what follows it. */
static const char *until(const char *text, const char *mark, FILE *out)
{
	const char *end = strstr(text, mark);

	fwrite(text, 1, (size_t)(end - text), out);
	return end + strlen(mark);
}

void html_print(struct report *report, FILE *out)
{
	const char *rest = until(page_frame, "@STYLE@", out);

	fputs(page_style, out);
	rest = until(rest, "@DATA@", out);
	data_print(report, out);
	rest = until(rest, "@SCRIPT@", out);
	fputs(page_script, out);
	fputs(rest, out);
}
