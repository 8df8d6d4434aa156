/*
 * apart FILE: prints a report as JSON, as `gordian report` does, but for what
 * it folds: each finding stands alone. So two places of one function that tell
 * the same to a reader are two for accuracy.py.
 */
#include <stdio.h>

#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/source.h"
#include "render/render_json.h"
#include "symbols/modules.h"
#include "symbols/resolve.h"
#include "types/types.h"

int main(int argc, char **argv)
{
	struct report *report = report_new();

	if (argc != 2 || !report_read(report, argv[1]) || !report->programs)
		return 1;
	report_finish(report);
	report_resolve(report);
	types_find(report);
	render_json(report, stdout);
	modules_close(report);
	report_free(report);
	return 0;
}
