/*
 * See dot.h. Colours are left to Graphviz' defaults but for the cut, which is
 * dashed too.
 */
#include <stdlib.h>

#include "forms/dot.h"
#include "forms/escape.h"
#include "model/kinds.h"
#include "model/model.h"
#include "render/makers.h"
#include "render/names.h"
#include "render/order.h"
#include "render/subject.h"

static void object_print(struct report *report, const struct finding *finding,
			 size_t i, size_t number, FILE *out)
{
	const struct member *member = &finding->members[i];
	struct maker maker = stack_maker(report, member->stack);

	fprintf(out, "    f%zu_%zu [label=\"", number, i);
	dot_write(out, member_label(report, member));
	fputs("\\n", out);
	dot_write(out, maker_doing(report, &maker));
	fputs("\\n", out);
	dot_write(out, maker.where);
	fprintf(out, "\"%s];\n",
		i == finding->head && finding->kind != KIND_CYCLE
			? ", style=bold"
			: "");
}

static void edge_print(struct report *report, const struct finding *finding,
		       const struct edge *edge, size_t number, FILE *out)
{
	bool is_cut = edge_is_cut(finding, edge);

	fprintf(out, "    f%zu_%zu -> f%zu_%zu [label=\"", number, edge->from,
		number, edge->to);
	dot_write(out, edge_field(report, edge));
	fprintf(out, "\"%s%s];\n",
		is_cut ? ", style=dashed, color=\"#b00020\", "
			 "fontcolor=\"#b00020\""
		       : "",
		edge_is_weak(edge) ? ", style=dotted" : "");
}

/* Objects and the edges among them; of a report without explanation all
 * blocks. */
static void finding_graph(struct report *report, const struct finding *finding,
			  size_t number, FILE *out)
{
	size_t n = finding->objects_n ? finding->objects_n : finding->members_n;
	size_t i;

	fprintf(out, "  subgraph cluster_%zu {\n    label=\"%s: ", number,
		kind_words[finding->kind].word);
	dot_write(out, finding_line(report, finding));
	fputs("\\nid ", out);
	dot_write(out, finding->id);
	fputs("\";\n", out);
	for (i = 0; i < n; i++)
		object_print(report, finding, i, number, out);
	for (i = 0; i < finding->edges_n; i++)
		if (finding->edges[i].from < n && finding->edges[i].to < n)
			edge_print(report, finding, &finding->edges[i], number,
				   out);
	fputs("  }\n", out);
}

void dot_print(struct report *report, FILE *out)
{
	struct order order = order_alarms(report);
	size_t i;

	fputs("digraph gordian {\n  node [shape=box, fontname=\"monospace\"];\n"
	      "  edge [fontname=\"monospace\"];\n",
	      out);
	for (i = 0; i < order.n; i++)
		finding_graph(report, order.list[i].finding, i, out);
	fputs("}\n", out);
	free(order.list);
}
