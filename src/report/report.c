/*
 * See report.h; doc/design.md describes the lines. One line is put together
 * in a buffer that is mapped for it, and written with one write.
 *
 * The first sighting of an id in this process carries the sample; ids seen
 * are kept in the memory that scans share.
 */
#include <errno.h>
#include <sys/resource.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/out.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "heap/heap.h"
#include "process/park.h"
#include "process/stop.h"
#include "process/tally.h"
#include "process/thread.h"
#include "refs/refs.h"
#include "report/file.h"
#include "report/line.h"
#include "report/report.h"
#include "scan/blocks.h"
#include "scan/nodes.h"
#include "scan/root.h"
#include "scan/scanned.h"
#include "scan/suspects.h"
#include "stack/stack.h"
#include "stack/unwind.h"

#define LINE (8u << 20)
#define LINE_LEAST (64u << 10) /* where memory is short */

static const char *const kinds[] = {"cycle", "lost", "excess-ref"};
static const char *const confidences[] = {"certain", "likely", "suspect"};

static const struct {
	const char *what, *where;
} held[] = {
	[ROOT_FOREIGN] = {"a pointer into it at 0x",
			  " in memory that is no block, no variable and no "
			  "stack"},
	[ROOT_STALE] = {"a word at 0x", " of a stack, below its pointer"},
	[ROOT_HALF] = {"4 bytes at 0x", " that are its address,"},
};

static void add_word(struct text *text, const struct suspect *why)
{
	text_add(text, held[why->kind].what);
	text_hex(text, why->at);
	text_add(text, held[why->kind].where);
	if (why->kind == ROOT_HALF)
		text_add(text, blocks_find(why->at) ? " in a block"
						    : " outside any block");
}

static void add_missing(struct text *text)
{
	text_add(text, "perhaps a thread that went on during the scan: ");
	stop_explain(text);
}

static void add_held_by(struct line *line)
{
	char what[160];
	struct text t = {what, sizeof what, 0};
	struct suspect why;

	if (line->finding->confidence != CONFIDENCE_SUSPECT)
		return;
	why = suspects_why(nodes_block(line->finding->members[0]));
	if (why.at)
		add_word(&t, &why);
	else if (stop_missing())
		add_missing(&t);
	else
		return;
	line_word(line, "held_by", what);
}

/* The words of unreached blocks that lead to the head. */
static uint32_t known_references(const struct line *line)
{
	const struct graph *graph = &line->scan->graph;
	uint32_t i, n = 0;

	for (i = 0; i < graph->row[graph->n]; i++)
		n += graph->to[i] == line->finding->members[0];
	return n;
}

static void add_finding(struct line *line, uint32_t scan_n, bool fresh,
			struct arena *arena)
{
	const struct finding *f = line->finding;
	uint32_t i;

	text_add(&line->text, "{\"t\":\"finding\"");
	line_number(line, "scan", scan_n);
	line_key(line, "id");
	line_id(line, f->id);
	line_word(line, "kind", kinds[f->kind]);
	line_word(line, "confidence", confidences[f->confidence]);
	if (f->dead) {
		line_key(line, "dead");
		text_add(&line->text, "true");
	}
	line_number(line, "count", f->count);
	line_number(line, "bytes", f->bytes);
	line_number(line, "retained_bytes", f->retained_bytes);
	line_number(line, "retained_blocks", f->retained_blocks);
	line_number(line, "outer_bytes", f->outer_bytes);
	line_key(line, "nested");
	text_add(&line->text, "[");
	for (i = 0; i < f->nested_n; i++) {
		text_add(&line->text, i ? "," : "");
		line_id(line, f->inner[i]);
	}
	text_add(&line->text, "]");
	add_held_by(line);
	if (f->kind == FINDING_EXCESS)
		line_number(line, "references", known_references(line));
	if (fresh) {
		member_add_sample(line);
		member_add_acquires(line, arena);
		line_references(line);
	}
	text_add(&line->text, "}\n");
}

/* The place of an id in the shared set: there, or free; NULL when full. Then
 * nothing waits for a second scan: what one scan has and the next holds back
 * would be taken for gone. */
static uint64_t *place_of(struct reported *reported, uint64_t id)
{
	uint32_t i, at = id % REPORTED_IDS;

	for (i = 0; i < REPORTED_IDS; i++, at = (at + 1) % REPORTED_IDS)
		if (!reported->id[at] || reported->id[at] == id)
			return &reported->id[at];
	return NULL;
}

static bool met(struct reported *reported, uint64_t id)
{
	uint64_t *place = place_of(reported, id);

	return !place || *place;
}

/* While the program runs and nobody has asked, what another finding holds is
 * reported when a second scan agrees. */
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

/* Of an id: one that was counted is not new, but has no sample yet. */
enum met { UNMET, COUNTED, WRITTEN };

/* Notes the id; what there is known of it is for the caller to move on. NULL:
 * there is no room. */
static uint8_t *note_met(struct reported *reported, uint64_t id)
{
	uint64_t *place = place_of(reported, id);

	if (!place)
		return NULL;
	*place = id;
	return &reported->met[place - reported->id];
}

/* A sample that could not be written comes with a later scan. */
static void write_finding(struct line *line, uint32_t n, uint8_t *met,
			  struct arena *arena, struct written *out)
{
	add_finding(line, n, !met || *met != WRITTEN, arena);
	out->unwritten = file_line(line->text.buffer, line->text.used);
	if (met && !out->unwritten)
		*met = WRITTEN;
}

int report_findings(const struct reporting *reporting, const struct scan *scan,
		    const struct findings *findings, struct arena *arena,
		    struct written *out)
{
	uint32_t i, room = LINE;
	char *buffer = arena_reserve(room);

	while (!buffer && room > LINE_LEAST)
		buffer = arena_reserve(room /= 2);
	if (!buffer)
		return -ENOMEM;
	drop_unripe(reporting, findings);
	for (i = 0; i < findings->n; i++) {
		struct line line = {
			.text = {buffer, room, 0},
			.scan = scan,
			.finding = &findings->list[i],
			.cut = NODE_NONE,
		};
		const struct finding *f = line.finding;
		bool ripe = is_ripe(reporting, f);
		uint8_t *met = note_met(reporting->reported, f->id);
		bool again = met && *met != UNMET;

		out->unripe += !ripe;
		if (!ripe)
			continue;
		if (!out->unwritten)
			write_finding(&line, reporting->n, met, arena, out);
		if (met && *met == UNMET)
			*met = COUNTED;
		out->findings++;
		if (f->confidence == CONFIDENCE_SUSPECT)
			continue;
		out->alarms++;
		out->bytes += f->outer_bytes;
		if (again)
			continue;
		out->fresh++;
		reporting->on_fresh(f, reporting->data);
	}
	return 0;
}

/* Wrong use of the macros, each place once. */
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

/* Those that rules alone could not walk. */
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
	file_warning(buffer);
}

/* How often a stack was captured, and in what way. Those that libunwind was
 * wanted for. */
static uint64_t add_stacks(struct line *line, const struct figures *f)
{
	uint64_t walks = 0, fallbacks = 0;
	const struct thread *t;

	for (t = thread_first(); t; t = t->next) {
		if (!t->memo)
			continue;
		walks += stack_counts(t->memo).walks;
		fallbacks += stack_counts(t->memo).fallbacks;
	}
	line_number(line, "stacks", tally_captures(thread_first()));
	line_number(line, "stacks_walked", walks);
	line_number(line, "stacks_unwound", fallbacks);
	if (f->checks_stacks) {
		line_number(line, "stacks_checked", f->checked);
		line_number(line, "stacks_different", f->different);
	}
	return fallbacks;
}

int report_scan(const struct figures *figures, struct reported *reported)
{
	char buffer[640];
	struct line line = {.text = {buffer, sizeof buffer, 0}};
	uint32_t stopped;

	park_list(&stopped);
	text_add(&line.text, "{\"t\":\"scan\"");
	line_number(&line, "n", figures->n);
	line_word(&line, "trigger", figures->trigger);
	line_number(&line, "blocks", blocks.programs);
	line_number(&line, "bytes", blocks.bytes);
	line_number(&line, "objects", refs_objects_n());
	line_number(&line, "pause_us", figures->pause_us);
	line_number(&line, "stopped_threads", stopped);
	add_ms(&line, "child_cpu_ms", figures->cpu_us);
	line_number(&line, "peak_child_kb", arena_peak() / 1024);
	line_number(&line, "copied_kb", figures->copied_kb);
	add_ms(&line, "cost_ms", figures->cost_us);
	line_number(&line, "findings", figures->findings);
	line_number(&line, "spared", heap_spared);
	tell_cut_short(reported, add_stacks(&line, figures));
	text_add(&line.text, "}\n");
	return file_line(buffer, line.text.used);
}
