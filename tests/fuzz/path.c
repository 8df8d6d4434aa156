/*
 * What a process answers to `gordian why`.
 */
#include <jansson.h>

#include "fuzz.h"
#include "inputs.h"
#include "meaning/trace.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/parse.h"
#include "model/path.h"
#include "render/render_path.h"
#include "render/root.h"
#include "render/view.h"

static void print(struct report *report, const struct path *path, FILE *out)
{
	struct view view = {.format = FORMAT_TEXT};

	root_name(report, path);
	render_path(report, path, NULL, &view, out);
	view.verbose = true;
	render_path(report, path, NULL, &view, out);
	view.format = FORMAT_JSON;
	render_path(report, path, NULL, &view, out);
}

void path_input(const uint8_t *bytes, size_t n)
{
	json_t *record = line_parse((const char *)bytes, n);
	struct report *report;
	struct path *path;
	FILE *out;

	if (!record)
		return;
	report = report_new();
	path = path_take(report, record);
	path_explain(report, path);
	out = output_file();
	print(report, path, out);
	fclose(out);
	report_free(report);
	json_decref(record);
}
