/* See growing_line.h. doc/design/report.md describes the line. */
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/way.h"
#include "report/growing_line.h"
#include "report/line.h"
#include "report/path_line.h"

static void add_counts(struct line *line, const struct growing_figures *figures)
{
	uint32_t i;

	line_key(line, "count");
	for (i = 0; i < figures->counts; i++) {
		text_add(&line->text, i ? "," : "[");
		text_number(&line->text, figures->count[i]);
	}
	text_add(&line->text, "]");
}

static void add_retained(struct line *line,
			 const struct growing_figures *figures)
{
	line_number(line, "retained_bytes", (int64_t)figures->retained_bytes);
	line_number(line, "retained_blocks", (int64_t)figures->retained_blocks);
	if (figures->within)
		line_number(line, "within", figures->within);
}

void growing_line(struct line *line, const struct growing_figures *figures,
		  const struct path_target *target, const struct way *way,
		  const struct evidence *evidence)
{
	text_add(&line->text, "{\"t\":\"growing\"");
	line_number(line, "scan", figures->scan);
	line_number(line, "place", figures->place);
	add_counts(line, figures);
	line_number(line, "bytes", (int64_t)figures->bytes);
	if (figures->stack)
		line_stack(line, "stack", figures->stack);
	if (target) {
		add_retained(line, figures);
		path_line_fields(line, target, way, evidence);
	}
	if (figures->stack)
		line_references(line);
	text_add(&line->text, "}\n");
}
