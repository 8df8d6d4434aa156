/*
 * See render.h. First names are looked up, then the files from which they come
 * are closed. The code that prints looks nothing up.
 */
#include <stdlib.h>

#include "model/model.h"
#include "render/order.h"
#include "render/render.h"
#include "render/render_json.h"
#include "render/render_text.h"
#include "symbols/modules.h"
#include "symbols/resolve.h"

static void render_for_people(struct report *report, FILE *out)
{
	struct order order = order_make(report);

	text_resolve(report, &order);
	modules_close(report);
	render_text(report, &order, out);
	free(order.list);
}

static void render_for_programs(struct report *report, FILE *out)
{
	report_resolve(report);
	modules_close(report);
	render_json(report, out);
}

void report_render(struct report *report, enum format format, FILE *out)
{
	if (format == FORMAT_TEXT)
		render_for_people(report, out);
	else if (format == FORMAT_JSON)
		render_for_programs(report, out);
}
