/*
 * See report.h. doc/design/report.md describes the lines. A line is put
 * together in a buffer that is mapped for it, and written with one write.
 *
 * The first finding of an id in this process carries the sample. Ids seen are
 * kept in the memory that scans share.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/gather.h"
#include "graph/finding.h"
#include "graph/findings.h"
#include "refs/refs.h"
#include "report/file.h"
#include "report/finding_line.h"
#include "report/line.h"
#include "report/report.h"
#include "report/warning.h"
#include "stack/unwind.h"

struct scan;

#define LINE (8u << 20)
#define LINE_LEAST (64u << 10) /* when memory is short */

/* The place of an id in the shared set, perhaps still free; NULL when the set
 * is full. Then nothing waits for a second scan: a finding that one scan has
 * and the next holds back would be taken for gone. */
static uint32_t find(const struct reported *reported, uint64_t id)
{
	uint32_t i, at = id % REPORTED_IDS;

	for (i = 0; i < REPORTED_IDS; i++, at = (at + 1) % REPORTED_IDS)
		if (!reported->id[at] || reported->id[at] == id)
			return at;
	return REPORTED_IDS;
}

static uint64_t *place_of(struct reported *reported, uint64_t id)
{
	uint32_t at = find(reported, id);

	return at < REPORTED_IDS ? &reported->id[at] : NULL;
}

static bool met(struct reported *reported, uint64_t id)
{
	uint64_t *place = place_of(reported, id);

	return !place || *place;
}

/* Whether a finding may be reported now. While the program runs and nobody has
 * asked, a block that another finding holds is reported when a second scan
 * agrees. */
static bool is_ripe(const struct reporting *r, const struct finding *f)
{
	return r->awaited || f->confidence != CONFIDENCE_LIKELY ||
	       met(r->reported, f->id);
}

/* Leaves out of the list of nested findings those that are not ripe. */
static void drop_unripe(const struct reporting *r,
			const struct findings *findings)
{
	uint32_t i, from, to;

	for (i = 0; i < findings->n; i++) {
		struct finding *f = &findings->list[i];

		for (from = to = 0; from < f->nested_n; from++)
			if (r->awaited || met(r->reported, f->inner[from]))
				f->inner[to++] = f->inner[from];
		f->nested_n = to;
	}
}

/* The state of an id. One that was counted is not new, but has no sample
 * yet. */
enum met { UNMET, COUNTED, WRITTEN };

bool report_was_alarm(const struct reported *reported, uint64_t id)
{
	uint32_t at = find(reported, id);

	return at < REPORTED_IDS && reported->alarm[at];
}

/* Notes the id. The caller updates its state. NULL: there is no room. */
static uint8_t *note_met(struct reported *reported, uint64_t id)
{
	uint64_t *place = place_of(reported, id);

	if (!place)
		return NULL;
	*place = id;
	return &reported->met[place - reported->id];
}

/* What is needed to make lines. */
struct bench {
	const struct scan *scan;
	struct arena *arena;
	struct evidence *evidence;
	char *buffer;
	size_t room;
};

static int bench_make(struct bench *bench)
{
	bench->evidence = arena_reserve(sizeof *bench->evidence);
	bench->room = LINE;
	bench->buffer = arena_reserve(bench->room);
	while (!bench->buffer && bench->room > LINE_LEAST)
		bench->buffer = arena_reserve(bench->room /= 2);
	return bench->buffer && bench->evidence ? 0 : -ENOMEM;
}

/* Writes a finding. A sample that could not be written comes with a later
 * scan. */
static int write_finding(const struct bench *bench, uint32_t n,
			 const struct finding *finding, uint8_t *met)
{
	struct evidence *evidence = bench->evidence;
	struct line line = {.text = {bench->buffer, bench->room, 0}};
	bool fresh = !met || *met != WRITTEN;
	int err;

	gather_hold(finding, evidence);
	if (fresh)
		gather_sample(bench->scan, finding, bench->arena, evidence);
	finding_line(&line, n, finding, evidence, fresh);
	err = file_line(line.text.buffer, line.text.used);
	if (met && !err)
		*met = WRITTEN;
	return err;
}

static void report_finding(const struct reporting *r, const struct bench *bench,
			   const struct finding *f, struct written *out)
{
	uint8_t *met = note_met(r->reported, f->id);
	bool again = met && *met != UNMET;

	if (!out->unwritten)
		out->unwritten = write_finding(bench, r->n, f, met);
	if (met && *met == UNMET)
		*met = COUNTED;
	out->findings++;
	out->undecided += f->undecided;
	if (!finding_is_alarm(f))
		return;
	if (met)
		r->reported->alarm[met - r->reported->met] = true;
	out->alarms++;
	out->bytes += f->outer_bytes;
	if (again)
		return;
	out->fresh++;
	r->on_fresh(f, r->data);
}

int report_findings(const struct reporting *reporting, const struct scan *scan,
		    const struct findings *findings, struct arena *arena,
		    struct written *out)
{
	struct bench bench = {.scan = scan, .arena = arena};
	uint32_t i;

	if (bench_make(&bench))
		return -ENOMEM;
	drop_unripe(reporting, findings);
	for (i = 0; i < findings->n; i++) {
		const struct finding *f = &findings->list[i];

		if (is_ripe(reporting, f)) {
			report_finding(reporting, &bench, f, out);
			continue;
		}
		note_met(reporting->reported, f->id);
		out->unripe++;
	}
	return 0;
}

/* Reports wrong use of the macros, each place once. */
int report_misuses(struct reported *reported)
{
	const struct ref_misuse *misuse;
	uint32_t n, i;
	int err = 0;

	misuse = refs_misuses(&n);
	if (reported->misuses < n) /* a forked child has none yet */
		err = file_ensure();
	if (err)
		return err;
	for (i = reported->misuses; i < n && !err; i++) {
		static char buffer[64 << 10] LARGE;
		struct line line = {.text = {buffer, sizeof buffer, 0}};

		text_add(&line.text, "{\"t\":\"warning\"");
		line_word(&line, "text", misuse[i].what);
		line_key(&line, "stack");
		line_frames(&line, misuse[i].stack);
		line_modules(&line);
		text_add(&line.text, "}\n");
		err = file_line(buffer, line.text.used);
	}
	reported->misuses = err ? i - 1 : i;
	return err;
}

static void add_ms(struct line *line, const char *name, uint64_t us)
{
	line_number(line, name, us / 1000);
	text_add(&line->text, ".");
	text_number(&line->text, us % 1000 / 100);
}

/* Tells how many stacks the rules alone could not walk. */
static void tell_cut_short(struct reported *reported, uint64_t stacks)
{
	char buffer[160];
	struct text t = {buffer, sizeof buffer, 0};

	if (!stacks || unwind_is_there() || reported->told_unwind)
		return;
	reported->told_unwind = true;
	text_number(&t, stacks);
	text_add(&t, " stacks may be cut short: cannot open "
		     "'libunwind.so.8', which could walk them");
	warning_add(buffer);
}

/* Adds how many stacks were captured, and in what way. */
static void add_stacks(struct line *line, const struct figures *f)
{
	line_number(line, "stacks", f->stacks);
	line_number(line, "stacks_walked", f->walked);
	line_number(line, "stacks_unwound", f->unwound);
	if (f->checks_stacks) {
		line_number(line, "stacks_checked", f->checked);
		line_number(line, "stacks_different", f->different);
	}
}

int report_scan(const struct figures *figures, struct reported *reported)
{
	char buffer[640];
	struct line line = {.text = {buffer, sizeof buffer, 0}};

	text_add(&line.text, "{\"t\":\"scan\"");
	line_number(&line, "n", figures->n);
	line_word(&line, "trigger", figures->trigger);
	line_number(&line, "blocks", figures->blocks);
	line_number(&line, "bytes", figures->bytes);
	line_number(&line, "objects", figures->objects);
	line_number(&line, "pause_us", figures->pause_us);
	line_number(&line, "stopped_threads", figures->stopped);
	add_ms(&line, "child_cpu_ms", figures->cpu_us);
	line_number(&line, "peak_child_kb", figures->peak_kb);
	line_number(&line, "copied_kb", figures->copied_kb);
	add_ms(&line, "cost_ms", figures->cost_us);
	line_number(&line, "findings", figures->findings);
	line_number(&line, "spared", figures->spared);
	tell_cut_short(reported, figures->unwound);
	add_stacks(&line, figures);
	text_add(&line.text, "}\n");
	return file_line(buffer, line.text.used);
}
