/*
 * See gitlab.h. An entry needs a place: a finding that has none in any source
 * is shown at the program's file.
 */
#include <jansson.h>
#include <stdlib.h>

#include "forms/gitlab.h"
#include "forms/said.h"
#include "forms/spot.h"
#include "model/kinds.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/json_value.h"
#include "render/order.h"

static const char *severity(const struct finding *finding)
{
	return finding->confidence == CERTAIN ? "major" : "minor";
}

static json_t *issue_json(struct report *report, const struct finding *finding)
{
	struct spot spot = finding_spot(report, finding);
	const char *exe = report->programs->exe;

	if (!spot.path)
		spot.path = exe ? exe : "unknown";
	return json_pack(
		"{s:o, s:s, s:o, s:s, s:{s:o, s:{s:i}}}", "description",
		text_json(finding_said(report, finding)), "check_name",
		text_print(report, "gordian-%s",
			   kind_words[finding->kind].word),
		"fingerprint", text_json(finding->id), "severity",
		severity(finding), "location", "path", text_json(spot.path),
		"lines", "begin", spot.line ? spot.line : 1);
}

void gitlab_print(struct report *report, FILE *out)
{
	struct order order = order_alarms(report);
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < order.n; i++)
		json_array_append_new(
			list, issue_json(report, order.list[i].finding));
	free(order.list);
	json_print(out, list);
	fputc('\n', out);
}
