/*
 * A report, printed in every form.
 */
#include <stdbool.h>

#include "forms/forms.h"
#include "fuzz.h"
#include "inputs.h"
#include "known/generate.h"
#include "meaning/explain.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/source.h"
#include "render/render.h"
#include "render/view.h"

#define LINE_BYTES (1 << 20)

static void print(struct report *report, FILE *out)
{
	static const char *const forms[] = {
		"html",	 "heapsnapshot", "sarif", "junit",	"gitlab",
		"pprof", "folded",	 "dot",	  "prometheus", "lsan"};
	struct view view = {.format = FORMAT_TEXT};
	size_t i;

	report_render(report, &view, out);
	view.verbose = true;
	report_render(report, &view, out);
	view.format = FORMAT_JSON;
	report_render(report, &view, out);
	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		form_print(form_find(forms[i]), report, out);
	suppressions_print(report, out);
}

void report_input(const uint8_t *bytes, size_t n)
{
	struct report *report = report_new();
	FILE *out = output_file();

	if (report_read_file(report, input_file(bytes, n), "input", LINE_BYTES,
			     0)) {
		report_finish(report);
		report_explain(report);
		print(report, out);
		report_damages(report);
	}
	report_free(report);
	fclose(out);
}
