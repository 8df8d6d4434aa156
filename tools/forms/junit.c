/*
 * See junit.h. The cases stand in one suite, named after the program. What is
 * not known is a case that ended with an error; where all is known and nothing
 * was found, one case has passed, since servers take a suite without cases for
 * a run that failed.
 */
#include <stdlib.h>

#include "forms/escape.h"
#include "forms/junit.h"
#include "forms/said.h"
#include "forms/spot.h"
#include "model/kinds.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/makers.h"
#include "render/order.h"
#include "render/subject.h"

static void attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	xml_write(out, value);
	fputc('"', out);
}

static void case_begin(FILE *out, const char *kind, const char *name)
{
	fputs("    <testcase classname=\"gordian.", out);
	xml_write(out, kind);
	fputc('"', out);
	attribute(out, "name", name);
}

static void finding_case(struct report *report, const struct finding *finding,
			 FILE *out)
{
	const char *kind = kind_words[finding->kind].word;
	struct spot spot = finding_spot(report, finding);

	case_begin(out, kind,
		   text_print(report, "%s %s %s", kind,
			      finding_subject(report, finding), finding->id));
	if (spot.path)
		attribute(out, "file", spot.path);
	if (spot.line)
		attribute(out, "line", text_print(report, "%d", spot.line));
	fputs(">\n      <failure", out);
	attribute(out, "message", finding_said(report, finding));
	attribute(out, "type", kind);
	fputc('>', out);
	xml_body_write(out, finding_passage(report, finding));
	fputs("</failure>\n    </testcase>\n", out);
}

static void unknown_case(struct report *report, const struct text *text,
			 FILE *out)
{
	case_begin(out, "unknown", warning_text(report, text));
	fputs(">\n      <error", out);
	attribute(out, "message", warning_text(report, text));
	fputs(" type=\"unknown\"/>\n    </testcase>\n", out);
}

static void suite_begin(struct report *report, const struct order *order,
			size_t errors, FILE *out)
{
	size_t all = order->n + errors;

	fputs("  <testsuite", out);
	attribute(out, "name", report->programs->exe);
	fprintf(out,
		" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		"skipped=\"0\">\n",
		all ? all : 1, order->n, errors);
}

void junit_print(struct report *report, FILE *out)
{
	struct order order = order_alarms(report);
	size_t errors = texts_count(report->unknown), i;
	const struct text *text;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n",
	      out);
	suite_begin(report, &order, errors, out);
	for (i = 0; i < order.n; i++)
		finding_case(report, order.list[i].finding, out);
	for (text = report->unknown; text; text = text->next)
		unknown_case(report, text, out);
	if (!order.n && !errors) {
		case_begin(out, "clean", "nothing leaked");
		fputs("/>\n", out);
	}
	fputs("  </testsuite>\n</testsuites>\n", out);
	free(order.list);
}
