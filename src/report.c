/*
 * See report.h; doc/design.md describes the lines. One line is put together
 * in a buffer that is mapped for it, and written with one write.
 *
 * The first sighting of an id in this process carries the sample; ids seen
 * are kept in the memory that scans share.
 */
#include <errno.h>
#include <sys/resource.h>
#include "depot.h"
#include "file.h"
#include "module.h"
#include "out.h"
#include "report.h"
#include "sys.h"

#define LINE (8u << 20)
#define EDGES_MAX 4096
#define FRAMES_MAX 512
#define STACKS_MAX FINDING_MEMBERS_MAX

static const char *const kinds[] = {"cycle", "lost"};
static const char *const confidences[] = {"certain", "likely", "suspect"};

/* One line under way. */
struct line {
	struct text text;
	const struct scan *scan;
	const struct finding *finding;
	uint32_t stack[STACKS_MAX], stacks; /* ids, as listed */
	uint32_t module[256], modules;
	uint32_t edges, cut; /* cut: its number, or NODE_NONE */
};

static void key(struct line *line, const char *name)
{
	text_add(&line->text, ",\"");
	text_add(&line->text, name);
	text_add(&line->text, "\":");
}

static void number(struct line *line, const char *name, uint64_t n)
{
	key(line, name);
	text_number(&line->text, n);
}

static void word(struct line *line, const char *name, const char *value)
{
	key(line, name);
	text_json(&line->text, value);
}

static void add_id(struct line *line, uint64_t id)
{
	int shift;

	text_add(&line->text, "\"");
	for (shift = 60; shift >= 0; shift -= 4)
		text_hex(&line->text, id >> shift & 15);
	text_add(&line->text, "\"");
}

static uint32_t block_of(const struct line *line, uint32_t node)
{
	return line->scan->block[node];
}

static int32_t list_add(uint32_t *list, uint32_t *n, uint32_t max,
			uint32_t what)
{
	uint32_t i;

	for (i = 0; i < *n; i++)
		if (list[i] == what)
			return i;
	if (*n == max)
		return -1;
	list[(*n)++] = what;
	return *n - 1;
}

/* [M, N] */
static void add_place(struct line *line, uint32_t module, uintptr_t address)
{
	int32_t at =
		module ? list_add(line->module, &line->modules, 256, module)
		       : -1;

	text_add(&line->text, "[");
	text_number(&line->text, at);
	text_add(&line->text, ",");
	text_number(&line->text,
		    at < 0 ? address : address - module_get(module)->bias);
	text_add(&line->text, "]");
}

static void add_stack(struct line *line, uint32_t id)
{
	uint32_t n = 0;

	text_add(&line->text, "[");
	for (id = classes_frame(id); id && n < FRAMES_MAX;
	     id = classes_frame(depot_frame(id).parent), n++) {
		struct depot_frame f = depot_frame(id);

		text_add(&line->text, n ? "," : "");
		add_place(line, f.module, f.pc);
	}
	text_add(&line->text, "]");
}

static void visit_first(uintptr_t at, uintptr_t word, void *data)
{
	(void)at;
	*(uintptr_t *)data = word;
}

/* The first word of a C++ object leads into its class's table. */
static void add_vtable(struct line *line, uint32_t block)
{
	uintptr_t begin = blocks.address[block], first = 0;
	uint32_t module;

	if (blocks_size(block) >= 8)
		scan_range(begin, begin + 8, 0, visit_first, &first);
	module = first ? module_find(first) : 0;
	if (!module)
		return;
	key(line, "vtable");
	add_place(line, module, first);
}

static void add_member(struct line *line, uint32_t node)
{
	uint32_t block = block_of(line, node);

	text_add(&line->text, "{\"address\":\"0x");
	text_hex(&line->text, blocks.address[block]);
	text_add(&line->text, "\"");
	number(line, "size", blocks_size(block));
	key(line, "stack");
	text_number(&line->text,
		    list_add(line->stack, &line->stacks, STACKS_MAX,
			     heap_stack(blocks.word[block])));
	add_vtable(line, block);
	text_add(&line->text, "}");
}

static int32_t member_of(const struct finding *f, uint32_t node)
{
	uint32_t i;

	for (i = 0; i < f->members_n; i++)
		if (f->members[i] == node)
			return i;
	return -1;
}

struct edge_from {
	struct line *line;
	uint32_t member;
	uintptr_t begin;
};

static void visit_edge(uintptr_t at, uintptr_t target, void *data)
{
	struct edge_from *from = data;
	struct line *line = from->line;
	const struct finding *f = line->finding;
	uint32_t block = blocks_find(target);
	uint32_t node = scan_node(block);
	int32_t to = node == NODE_NONE ? -1 : member_of(f, node);

	if (to < 0 || line->edges == EDGES_MAX)
		return;
	if (f->members[from->member] == f->cut_from && node == f->cut_to &&
	    line->cut == NODE_NONE)
		line->cut = line->edges;
	text_add(&line->text, line->edges++ ? ",{\"from\":" : "{\"from\":");
	text_number(&line->text, from->member);
	number(line, "to", to);
	number(line, "offset", at - from->begin);
	word(line, "kind",
	     target == blocks.address[block] ? "strong" : "interior");
	text_add(&line->text, "}");
}

static void add_edges(struct line *line)
{
	uint32_t i;

	key(line, "edges");
	text_add(&line->text, "[");
	for (i = 0; i < line->finding->members_n; i++) {
		uint32_t block = block_of(line, line->finding->members[i]);
		struct edge_from from = {line, i, blocks.address[block]};

		scan_range(from.begin, from.begin + blocks_size(block), 0,
			   visit_edge, &from);
	}
	text_add(&line->text, "]");
}

static void add_cut(struct line *line)
{
	const struct finding *f = line->finding;

	key(line, "cut");
	if (line->cut == NODE_NONE || f->cut_reason == CUT_NONE) {
		text_add(&line->text, "null");
		return;
	}
	text_add(&line->text, "{\"edge\":");
	text_number(&line->text, line->cut);
	word(line, "reason",
	     f->cut_reason == CUT_EPOCH
		     ? "it leads back from a block made after a scan to one "
		       "made before it"
		     : "without it the smallest cycle is left");
	text_add(&line->text, "}");
}

static void add_module(struct line *line, const struct module *m)
{
	char hex[2 * sizeof m->build_id + 1];
	unsigned i;

	for (i = 0; i < m->build_id_n; i++) {
		hex[2 * i] = "0123456789abcdef"[m->build_id[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[m->build_id[i] & 15];
	}
	hex[2 * i] = 0;
	text_add(&line->text, "{\"path\":");
	text_json(&line->text, m->path);
	word(line, "build_id", hex);
	text_add(&line->text, "}");
}

static void add_sample(struct line *line)
{
	const struct finding *f = line->finding;
	uint32_t i;

	number(line, "members_total", f->members_total);
	key(line, "members");
	for (i = 0; i < f->members_n; i++) {
		text_add(&line->text, i ? "," : "[");
		add_member(line, f->members[i]);
	}
	text_add(&line->text, "]");
	add_edges(line);
	add_cut(line);
	key(line, "stacks");
	text_add(&line->text, "[");
	for (i = 0; i < line->stacks; i++) {
		text_add(&line->text, i ? "," : "");
		add_stack(line, line->stack[i]);
	}
	text_add(&line->text, "]");
	key(line, "modules");
	text_add(&line->text, "[");
	for (i = 0; i < line->modules; i++) {
		text_add(&line->text, i ? "," : "");
		add_module(line, module_get(line->module[i]));
	}
	text_add(&line->text, "]");
}

static void add_held_by(struct line *line)
{
	char what[160];
	struct text t = {what, sizeof what, 0};
	struct suspect why;

	if (line->finding->confidence != CONFIDENCE_SUSPECT)
		return;
	why = scan_suspect(block_of(line, line->finding->members[0]));
	if (!why.at)
		return;
	text_add(&t, why.kind == ROOT_STALE ? "a word at 0x"
					    : "a pointer into it at 0x");
	text_hex(&t, why.at);
	text_add(&t, why.kind == ROOT_STALE
			     ? " of a stack, below its pointer"
			     : " in memory that is no block, no variable and "
			       "no stack");
	word(line, "held_by", what);
}

static void add_finding(struct line *line, uint32_t scan_n, bool fresh)
{
	const struct finding *f = line->finding;
	uint32_t i;

	text_add(&line->text, "{\"t\":\"finding\"");
	number(line, "scan", scan_n);
	key(line, "id");
	add_id(line, f->id);
	word(line, "kind", kinds[f->kind]);
	word(line, "confidence", confidences[f->confidence]);
	number(line, "count", f->count);
	number(line, "bytes", f->bytes);
	number(line, "retained_bytes", f->retained_bytes);
	number(line, "retained_blocks", f->retained_blocks);
	number(line, "outer_bytes", f->outer_bytes);
	key(line, "nested");
	text_add(&line->text, "[");
	for (i = 0; i < f->nested_n; i++) {
		text_add(&line->text, i ? "," : "");
		add_id(line, f->inner[i]);
	}
	text_add(&line->text, "]");
	add_held_by(line);
	if (fresh)
		add_sample(line);
	text_add(&line->text, "}\n");
}

/* The place of an id in the shared set: there, or free; NULL when full. */
static uint64_t *place_of(struct shared *shared, uint64_t id)
{
	uint32_t i, at = id % SHARED_IDS;

	for (i = 0; i < SHARED_IDS; i++, at = (at + 1) % SHARED_IDS)
		if (!shared->id[at] || shared->id[at] == id)
			return &shared->id[at];
	return NULL;
}

static bool met(struct shared *shared, uint64_t id)
{
	uint64_t *place = place_of(shared, id);

	return place && *place;
}

/* While the program runs and nobody has asked, what another finding holds is
 * reported when a second scan agrees. */
static bool is_ripe(const struct snapshot *snapshot, const struct finding *f)
{
	return snapshot->trigger > TRIGGER_INTERVAL ||
	       f->confidence != CONFIDENCE_LIKELY ||
	       met(snapshot->shared, f->id);
}

/* Leaves out of the list of nested findings those that are not ripe. */
static void drop_unripe(const struct snapshot *snapshot,
			const struct findings *findings)
{
	uint32_t i, from, to;

	for (i = 0; i < findings->n; i++) {
		struct finding *f = &findings->list[i];

		for (from = to = 0; from < f->nested_n; from++)
			if (snapshot->trigger > TRIGGER_INTERVAL ||
			    met(snapshot->shared, f->inner[from]))
				f->inner[to++] = f->inner[from];
		f->nested_n = to;
	}
}

/* Notes that the id was met; whether it was reported before. */
static bool note_reported(struct shared *shared, uint64_t id, bool now)
{
	uint64_t *place = place_of(shared, id);
	bool *reported, before;

	if (!place)
		return false;
	*place = id;
	reported = &shared->reported[place - shared->id];
	before = *reported;
	*reported |= now;
	return before;
}

int report_findings(const struct snapshot *snapshot, const struct scan *scan,
		    const struct findings *findings, struct written *out)
{
	char *buffer = arena_map(LINE);
	uint32_t i;
	int err = 0;

	if (!buffer)
		return -ENOMEM;
	drop_unripe(snapshot, findings);
	for (i = 0; i < findings->n && !err; i++) {
		struct line line = {
			.text = {buffer, LINE, 0},
			.scan = scan,
			.finding = &findings->list[i],
			.cut = NODE_NONE,
		};
		const struct finding *f = line.finding;
		bool ripe = is_ripe(snapshot, f);
		bool again = note_reported(snapshot->shared, f->id, ripe);

		if (!ripe)
			continue;
		add_finding(&line, snapshot->n, !again);
		err = file_line(buffer, line.text.used);
		out->findings++;
		out->alarms += f->confidence != CONFIDENCE_SUSPECT;
	}
	return err;
}

static uint64_t cpu_us(const struct rusage *use)
{
	return (use->ru_utime.tv_sec + use->ru_stime.tv_sec) * 1000000ull +
	       use->ru_utime.tv_usec + use->ru_stime.tv_usec;
}

/* Memory: the pages that the child had to be given, by its faults. */
int report_scan(const struct snapshot *snapshot, uint32_t findings)
{
	char buffer[512];
	struct line line = {.text = {buffer, sizeof buffer, 0}};
	struct rusage use;
	uint32_t stopped;

	sys(SYS_getrusage, RUSAGE_SELF, &use);
	snapshot->shared->cost_us = cpu_us(&use);
	stop_list(&stopped);
	text_add(&line.text, "{\"t\":\"scan\"");
	number(&line, "n", snapshot->n);
	word(&line, "trigger", trigger_name(snapshot->trigger));
	number(&line, "blocks", blocks.programs);
	number(&line, "bytes", blocks.bytes);
	number(&line, "objects", 0);
	number(&line, "pause_us", snapshot->shared->pause_us);
	number(&line, "stopped_threads", stopped);
	number(&line, "child_cpu_ms", cpu_us(&use) / 1000);
	text_add(&line.text, ".");
	text_number(&line.text, cpu_us(&use) % 1000 / 100);
	number(&line, "peak_child_kb", use.ru_minflt * 4);
	number(&line, "findings", findings);
	text_add(&line.text, "}\n");
	return file_line(buffer, line.text.used);
}
