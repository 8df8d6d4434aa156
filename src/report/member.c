/*
 * The sample of a finding: its members with what the macros told of them, the
 * edges among them, the one to cut, who took the references. Snapshot child
 * only.
 */
#include "base/arena.h"
#include "base/out.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "refs/balance.h"
#include "refs/refs.h"
#include "report/line.h"
#include "evidence/resource.h"
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/drop.h"
#include "scan/halves.h"
#include "scan/nodes.h"
#include "scan/offsets.h"
#include "scan/read.h"
#include "stack/module.h"

#define EDGES_MAX 4096
#define ACQUIRES 64

static const char *const reasons[] = {
	[CUT_BACK] = "its name is that of a back pointer",
	[CUT_CLOSED] = "the link that closed the cycle",
	[CUT_EPOCH] =
		"it leads back from a block made after a scan to one made "
		"before it",
	[CUT_SMALLEST] = "without it the smallest cycle is left",
};

static void visit_first(uintptr_t at, uintptr_t word, void *data)
{
	(void)at;
	*(uintptr_t *)data = word;
}

/* The first word of a C++ object leads into its class's table. */
static void add_vtable(struct line *line, uintptr_t block, uint64_t size)
{
	uintptr_t first = 0;
	uint32_t module;

	if (size >= 8)
		read_range(block, block + 8, 0, visit_first, &first);
	module = first ? module_find(first) : 0;
	if (!module)
		return;
	line_key(line, "vtable");
	line_place(line, module, first);
}

static int32_t member_of(const struct finding *f, uint32_t node)
{
	uint32_t i;

	for (i = 0; i < f->members_n; i++)
		if (f->members[i] == node)
			return i;
	return -1;
}

/* The list of a member's resources under way. */
struct resources {
	struct line *line;
	uint32_t n;
};

static void add_resource(struct resources *to, int fd)
{
	char name[256];

	if (fd < 0 || resource_name(fd, name, sizeof name) < 0)
		return;
	if (!to->n)
		line_key(to->line, "resources");
	text_add(&to->line->text, to->n++ ? "," : "[");
	text_json(&to->line->text, name);
}

/* A FILE that is no member itself is named at the member that holds it; libc
 * lists every open one, so it mostly is reached. */
static void visit_held(uintptr_t at, uintptr_t word, void *data)
{
	struct resources *to = data;
	uintptr_t block = blocks_find(word);
	uint32_t node = nodes_find(block);

	if (block == BLOCK_NONE || block != word || drop_has(block) ||
	    counts_is_weak(at) ||
	    (node != NODE_NONE && member_of(to->line->finding, node) >= 0))
		return;
	add_resource(to,
		     resource_of_file((const void *)word, blocks_size(block)));
}

/* Descriptors that the program named, and those of FILEs. */
static void add_resources(struct line *line, const struct ref_object *object,
			  uintptr_t block, uint64_t size)
{
	struct resources to = {line, 0};
	uint32_t i;

	for (i = 0; object && i < object->fds_n; i++)
		add_resource(&to, object->fds[i]);
	add_resource(&to, resource_of_file((const void *)block, size));
	read_range(block, block + size, 0, visit_held, &to);
	if (to.n)
		text_add(&line->text, "]");
}

/* What the macros told of it. */
static void add_object(struct line *line, uintptr_t block, uint64_t size)
{
	const struct ref_object *object = counts_object(block);
	int64_t count = counts_of(block);

	if (object && object->type)
		line_word(line, "type", object->type);
	if (count >= 0)
		line_number(line, "refcount", count);
	if (object && object->finalizer)
		line_word(line, "finalizer", object->finalizer);
	add_resources(line, object, block, size);
}

static void add_member(struct line *line, uint32_t node)
{
	const struct graph *graph = &line->scan->graph;
	uintptr_t block = nodes_block(node);

	text_add(&line->text, "{\"address\":\"0x");
	text_hex(&line->text, block);
	text_add(&line->text, "\"");
	line_number(line, "size", graph_size(graph, node));
	line_stack(line, "stack", line->scan->stack[graph->class[node]]);
	add_vtable(line, block, graph_size(graph, node));
	add_object(line, block, graph_size(graph, node));
	text_add(&line->text, "}");
}

static void add_field(struct line *line, uintptr_t at)
{
	const struct ref_slot *slot = counts_slot(at);

	if (!slot)
		return;
	if (slot->field)
		line_word(line, "field", slot->field);
	if (slot->flags & SLOT_LINK)
		line_stack(line, "stack", slot->stack);
}

/* Of several words between the two ends: a back pointer, else the link that
 * was made last, else the first; never a weak one. */
static bool is_better_cut(struct line *line, uintptr_t at)
{
	const struct ref_slot *slot = counts_slot(at);
	uint64_t worth = 1;

	if (slot && slot->flags & SLOT_LINK)
		worth = slot->time / 2 +
			(counts_is_back(slot->field) ? UINT64_MAX / 2 : 2);
	if (counts_is_weak(at) ||
	    (line->cut != NODE_NONE && worth <= line->cut_worth))
		return false;
	line->cut_worth = worth;
	return true;
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
	uintptr_t block = blocks_find(target);
	uint32_t node = nodes_find(block);
	int32_t to = node == NODE_NONE ? -1 : member_of(f, node);

	if (to < 0 || line->edges == EDGES_MAX)
		return;
	if (f->members[from->member] == f->cut_from && node == f->cut_to &&
	    is_better_cut(line, at))
		line->cut = line->edges;
	text_add(&line->text, line->edges++ ? ",{\"from\":" : "{\"from\":");
	text_number(&line->text, from->member);
	line_number(line, "to", to);
	line_number(line, "offset", at - from->begin);
	line_word(line, "kind",
		  counts_is_weak(at) ? "weak"
		  : target == block  ? "strong"
				     : "interior");
	add_field(line, at);
	text_add(&line->text, "}");
}

static void add_edges(struct line *line)
{
	uint32_t i;

	line_key(line, "edges");
	text_add(&line->text, "[");
	for (i = 0; i < line->finding->members_n; i++) {
		uintptr_t block = nodes_block(line->finding->members[i]);
		struct edge_from from = {line, i, block};

		read_block(block, visit_edge, &from);
		if (halves_possible)
			halves_visit_block(block, visit_edge, &from);
		if (offsets_possible)
			offsets_visit(block, visit_edge, &from);
	}
	text_add(&line->text, "]");
}

static void add_cut(struct line *line)
{
	const struct finding *f = line->finding;

	line_key(line, "cut");
	if (line->cut == NODE_NONE || f->cut_reason == CUT_NONE) {
		text_add(&line->text, "null");
		return;
	}
	text_add(&line->text, "{\"edge\":");
	text_number(&line->text, line->cut);
	line_word(line, "reason", reasons[f->cut_reason]);
	text_add(&line->text, "}");
}

void member_add_sample(struct line *line)
{
	const struct finding *f = line->finding;
	uint32_t i;

	line_number(line, "members_total", f->members_total);
	line_key(line, "members");
	for (i = 0; i < f->members_n; i++) {
		text_add(&line->text, i ? "," : "[");
		add_member(line, f->members[i]);
	}
	text_add(&line->text, "]");
	add_edges(line);
	add_cut(line);
}

/* The outstanding acquires of one block's object. */
static void add_outstanding(struct line *line, uint32_t member,
			    struct arena *arena, uint32_t *n)
{
	uintptr_t block = nodes_block(line->finding->members[member]);
	const struct ref_object *object = counts_object(block);
	struct balance list[ACQUIRES];
	int i, got;

	if (!object || !object->counted)
		return;
	got = balance_outstanding(object->entries, arena, list, ACQUIRES);
	for (i = 0; i < got && i < ACQUIRES; i++) {
		text_add(&line->text,
			 (*n)++ ? ",{\"member\":" : "{\"member\":");
		text_number(&line->text, member);
		line_number(line, "count", list[i].count);
		line_stack(line, "stack", list[i].stack);
		text_add(&line->text, "}");
	}
}

void member_add_acquires(struct line *line, struct arena *arena)
{
	const struct finding *f = line->finding;
	uint32_t i, n = 0;

	if (!refs_objects_n())
		return;
	line_key(line, "acquires");
	text_add(&line->text, "[");
	for (i = 0; i < f->members_n && n < ACQUIRES; i++)
		add_outstanding(line, i, arena, &n);
	text_add(&line->text, "]");
}
