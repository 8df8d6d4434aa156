/*
 * See finding_line.h. doc/design/report.md describes the line. This only
 * formats: what it says was read before (evidence.h).
 */
#include "base/text.h"
#include "evidence/evidence.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "process/silent.h"
#include "process/stop.h"
#include "report/finding_line.h"
#include "report/line.h"
#include "report/sample_line.h"
#include "report/words.h"

static const char *const reasons[] = {
	[CUT_BACK] = "its name is that of a back pointer",
	[CUT_CLOSED] = "the link that closed the cycle",
	[CUT_EPOCH] =
		"it leads back from a block made after a scan to one made "
		"before it",
	[CUT_SMALLEST] = "it breaks up most of the cycle",
};

static void add_missing(struct text *text)
{
	text_add(text, "perhaps a thread that went on during the scan: ");
	silent_explain(text);
}

static void add_held_by(struct line *line, const struct evidence *evidence)
{
	char what[160];
	struct text t = {what, sizeof what, 0};

	if (evidence->word.at) {
		line_held(line, &evidence->word);
		return;
	}
	if (!stop_missing())
		return;
	add_missing(&t);
	line_word(line, "held_by", what);
}

static void add_cut(struct line *line, uint32_t cut, enum cut_reason reason)
{
	line_key(line, "cut");
	if (cut == NODE_NONE || reason == CUT_NONE) {
		text_add(&line->text, "null");
		return;
	}
	text_add(&line->text, "{\"edge\":");
	text_number(&line->text, cut);
	line_word(line, "reason", reasons[reason]);
	text_add(&line->text, "}");
}

static void add_acquires(struct line *line, const struct evidence *evidence)
{
	uint32_t i;

	line_key(line, "acquires");
	text_add(&line->text, "[");
	for (i = 0; i < evidence->acquires_n; i++) {
		const struct evidence_acquire *acquire = &evidence->acquire[i];

		text_add(&line->text, i ? ",{\"member\":" : "{\"member\":");
		text_number(&line->text, acquire->member);
		line_number(line, "count", acquire->count);
		line_stack(line, "stack", acquire->stack);
		text_add(&line->text, "}");
	}
	text_add(&line->text, "]");
}

static void add_nested(struct line *line, const struct finding *finding)
{
	uint32_t i;

	line_key(line, "nested");
	text_add(&line->text, "[");
	for (i = 0; i < finding->nested_n; i++) {
		text_add(&line->text, i ? "," : "");
		line_id(line, finding->inner[i]);
	}
	text_add(&line->text, "]");
}

static void add_figures(struct line *line, const struct finding *finding)
{
	line_key(line, "id");
	line_id(line, finding->id);
	line_word(line, "kind", words_kind[finding->kind]);
	line_word(line, "confidence", words_confidence[finding->confidence]);
	if (finding->dead) {
		line_key(line, "dead");
		text_add(&line->text, "true");
	}
	if (finding->pending) {
		line_key(line, "pending");
		text_add(&line->text, "true");
	}
	if (finding->undecided) {
		line_key(line, "undecided");
		text_add(&line->text, "true");
	}
	if (finding->final) {
		line_key(line, "final");
		text_add(&line->text, "true");
	}
	line_number(line, "count", finding->count);
	line_number(line, "bytes", finding->bytes);
	line_number(line, "retained_bytes", finding->retained_bytes);
	line_number(line, "retained_blocks", finding->retained_blocks);
	line_number(line, "outer_bytes", finding->outer_bytes);
	line_number(line, "outer", finding->outer);
	line_number(line, "blocks", finding->blocks);
}

static void add_sample(struct line *line, const struct finding *finding,
		       const struct evidence *evidence)
{
	line_number(line, "members_total", finding->members_total);
	line_members(line, "members", evidence, 0, evidence->members_n);
	if (evidence->kept_n)
		line_members(line, "kept", evidence, evidence->members_n,
			     evidence->kept_n);
	line_edges(line, evidence);
	if (evidence->because)
		line_word(line, "because", evidence->because);
	add_cut(line, evidence->cut, finding->cut_reason);
	if (evidence->has_objects)
		add_acquires(line, evidence);
	line_references(line);
}

void finding_line(struct line *line, uint32_t scan_n,
		  const struct finding *finding,
		  const struct evidence *evidence, bool has_sample)
{
	text_add(&line->text, "{\"t\":\"finding\"");
	line_number(line, "scan", scan_n);
	add_figures(line, finding);
	add_nested(line, finding);
	if (finding->confidence == CONFIDENCE_SUSPECT)
		add_held_by(line, evidence);
	if (finding->kind == FINDING_EXCESS)
		line_number(line, "references", evidence->references);
	if (has_sample)
		add_sample(line, finding, evidence);
	text_add(&line->text, "}\n");
}
