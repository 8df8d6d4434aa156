/*
 * See sample_line.h. doc/design/report.md describes the parts.
 */
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/resource.h"
#include "report/line.h"
#include "report/sample_line.h"
#include "stack/stack.h"

static const char *const edge_kinds[] = {
	[EDGE_STRONG] = "strong",
	[EDGE_WEAK] = "weak",
	[EDGE_INTERIOR] = "interior",
};

static const struct {
	const char *what, *where;
} held[] = {
	[PLACE_FOREIGN] = {"a pointer into it at 0x",
			   " in memory that is no block, no variable and no "
			   "stack"},
	[PLACE_STALE] = {"a word at 0x", " of a stack, below its pointer"},
	[PLACE_HALF] = {"4 bytes at 0x", " that are its address,"},
};

static void add_word(struct text *text, const struct evidence_word *word)
{
	text_add(text, held[word->place].what);
	text_hex(text, word->at);
	text_add(text, held[word->place].where);
	if (word->place == PLACE_HALF)
		text_add(text,
			 word->in_block ? " in a block" : " outside any block");
}

void line_held(struct line *line, const struct evidence_word *word)
{
	char what[160];
	struct text t = {what, sizeof what, 0};

	add_word(&t, word);
	line_word(line, "held_by", what);
}

static void add_resources(struct line *line,
			  const struct evidence_member *member,
			  const int *resource)
{
	char name[256];
	uint32_t i;

	if (!member->resources_n)
		return;
	line_key(line, "resources");
	for (i = 0; i < member->resources_n; i++) {
		resource_name(resource[i], name, sizeof name);
		text_add(&line->text, i ? "," : "[");
		text_json(&line->text, name);
	}
	text_add(&line->text, "]");
}

static void add_counts(struct line *line, const struct evidence_member *member)
{
	uint32_t i;

	if (!member->counts_n)
		return;
	line_key(line, "counts");
	for (i = 0; i < member->counts_n; i++) {
		text_add(&line->text, i ? "," : "[");
		text_number(&line->text, member->count[i]);
	}
	text_add(&line->text, "]");
	line_key(line, "values");
	for (i = 0; i < member->counts_n; i++) {
		text_add(&line->text, i ? "," : "[");
		text_number(&line->text, member->value[i]);
	}
	text_add(&line->text, "]");
}

static void add_points(struct line *line, const struct evidence_member *member)
{
	uint32_t i;

	if (!member->points_n)
		return;
	line_key(line, "points");
	for (i = 0; i < member->points_n; i++) {
		const struct evidence_point *point = &member->point[i];

		text_add(&line->text, i ? ",[" : "[[");
		text_number(&line->text, point->offset);
		text_add(&line->text, ",");
		line_place(line, point->module, point->to);
		text_add(&line->text, "]");
	}
	text_add(&line->text, "]");
}

static void add_member(struct line *line, const struct evidence *evidence,
		       const struct evidence_member *member)
{
	text_add(&line->text, "{\"address\":\"0x");
	text_hex(&line->text, member->block);
	text_add(&line->text, "\"");
	line_number(line, "size", member->size);
	line_stack(line, "stack", member->stack);
	if (stack_outwards(member->stack))
		line_number(line, "since", member->stack);
	if (member->epoch)
		line_number(line, "epoch", member->epoch);
	if (member->in)
		line_number(line, "in", member->in);
	add_counts(line, member);
	if (member->vtable_module) {
		line_key(line, "vtable");
		line_place(line, member->vtable_module, member->vtable);
	}
	if (member->rtti)
		line_word(line, "rtti", member->rtti);
	add_points(line, member);
	if (member->type)
		line_word(line, "type", member->type);
	if (member->undecided) {
		line_key(line, "undecided");
		text_add(&line->text, "true");
	}
	if (member->runtime)
		line_word(line, "runtime", member->runtime);
	if (member->part_of >= 0)
		line_number(line, "part_of", member->part_of);
	if (member->refcount >= 0)
		line_number(line, "refcount", member->refcount);
	if (member->finalizer)
		line_word(line, "finalizer", member->finalizer);
	add_resources(line, member, evidence->resource + member->resources);
	text_add(&line->text, "}");
}

void line_members(struct line *line, const char *name,
		  const struct evidence *evidence, uint32_t first, uint32_t n)
{
	uint32_t i;

	line_key(line, name);
	text_add(&line->text, "[");
	for (i = first; i < first + n; i++) {
		text_add(&line->text, i == first ? "" : ",");
		add_member(line, evidence, &evidence->member[i]);
	}
	text_add(&line->text, "]");
}

static void add_edge(struct line *line, const struct evidence_edge *edge)
{
	text_add(&line->text, "{\"from\":");
	text_number(&line->text, edge->from);
	line_number(line, "to", edge->to);
	line_number(line, "offset", edge->offset);
	if (edge->into)
		line_number(line, "into", edge->into);
	line_word(line, "kind", edge_kinds[edge->kind]);
	if (edge->field)
		line_word(line, "field", edge->field);
	if (edge->declared) {
		line_key(line, "link");
		text_add(&line->text, "true");
	}
	if (edge->linked)
		line_stack(line, "stack", edge->stack);
	text_add(&line->text, "}");
}

void line_edges(struct line *line, const struct evidence *evidence)
{
	uint32_t i;

	line_key(line, "edges");
	text_add(&line->text, "[");
	for (i = 0; i < evidence->edges_n; i++) {
		text_add(&line->text, i ? "," : "");
		add_edge(line, &evidence->edge[i]);
	}
	text_add(&line->text, "]");
}
