/*
 * See path_line.h. doc/design/report.md describes the line.
 */
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/steps.h"
#include "evidence/way.h"
#include "report/line.h"
#include "report/path_line.h"
#include "report/sample_line.h"

static void add_address(struct line *line, const char *name, uintptr_t address)
{
	line_key(line, name);
	text_add(&line->text, "\"0x");
	text_hex(&line->text, address);
	text_add(&line->text, "\"");
}

static void add_target(struct line *line, const struct path_target *target,
		       const char *held)
{
	add_address(line, "address", target->address);
	line_word(line, "held", held);
	if (!target->block)
		return;
	add_address(line, "block", target->block);
	line_number(line, "size", target->size);
	if (!target->finding)
		return;
	line_key(line, target->is_kept ? "kept_by" : "finding");
	line_id(line, target->finding);
}

static void add_root(struct line *line, const struct evidence_root *root)
{
	line_key(line, "root");
	text_add(&line->text, "{\"kind\":");
	text_json(&line->text, root->kind);
	add_address(line, "address", root->at);
	if (root->into)
		line_number(line, "into", (int64_t)root->into);
	if (root->module) {
		line_key(line, "place");
		line_place(line, root->module, root->at);
	}
	if (root->thread) {
		line_number(line, "thread", root->thread);
		line_number(line, "tid", root->tid);
	}
	if (root->code) {
		line_key(line, "code");
		line_place(line, root->code_module, root->code);
	}
	text_add(&line->text, "}");
}

/* [step, how many, how often], and 1 when their stacks differ */
static void add_folds(struct line *line, const struct steps *steps)
{
	uint32_t i, n = 0;

	line_key(line, "folds");
	text_add(&line->text, "[");
	for (i = 0; i < steps->n; i++) {
		if (!steps->list[i].times)
			continue;
		text_add(&line->text, n++ ? ",[" : "[");
		text_number(&line->text, i);
		text_add(&line->text, ",");
		text_number(&line->text, steps->list[i].period);
		text_add(&line->text, ",");
		text_number(&line->text, (int64_t)steps->list[i].times);
		text_add(&line->text, steps->list[i].mixed ? ",1" : "");
		text_add(&line->text, "]");
	}
	text_add(&line->text, "]");
	if (!steps->omitted)
		return;
	line_number(line, "omitted", (int64_t)steps->omitted);
	line_number(line, "omitted_at", steps->omitted_at);
}

void path_line_fields(struct line *line, const struct path_target *target,
		      const struct way *way, const struct evidence *evidence)
{
	const char *held = !way ? "unknown" : way->decree ? "decree" : "root";

	add_target(line, target, held);
	if (way && way->decree)
		line_word(line, "decree", way->decree);
	else if (way)
		add_root(line, &way->root);
	if (way)
		line_number(line, "length", (int64_t)way->steps.total);
	line_members(line, "members", evidence, 0, evidence->members_n);
	if (!way)
		return;
	line_edges(line, evidence);
	add_folds(line, &way->steps);
}

void path_line(struct line *line, const struct path_target *target,
	       const struct way *way, const struct evidence *evidence)
{
	text_add(&line->text, "{\"t\":\"path\"");
	path_line_fields(line, target, way, evidence);
	line_references(line);
	text_add(&line->text, "}\n");
}

void path_line_none(struct line *line, const struct path_target *target,
		    const char *held, const struct evidence_word *word,
		    const struct evidence_root *root,
		    const struct evidence *evidence)
{
	text_add(&line->text, "{\"t\":\"path\"");
	add_target(line, target, held);
	if (word && word->at)
		line_held(line, word);
	if (root)
		add_root(line, root);
	if (evidence)
		line_members(line, "members", evidence, 0, 1);
	line_references(line);
	text_add(&line->text, "}\n");
}
