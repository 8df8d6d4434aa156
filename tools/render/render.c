/*
 * See render.h.
 */
#include <stdlib.h>

#include "model/model.h"
#include "render/order.h"
#include "render/render.h"
#include "render/render_json.h"
#include "render/render_text.h"

static void render_for_people(struct report *report, FILE *out)
{
	struct order order = order_make(report);

	render_text(report, &order, out);
	free(order.list);
}

void report_render(struct report *report, enum format format, FILE *out)
{
	if (format == FORMAT_TEXT)
		render_for_people(report, out);
	else if (format == FORMAT_JSON)
		render_json(report, out);
}
