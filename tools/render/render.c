/*
 * See render.h.
 */
#include <stdlib.h>

#include "model/model.h"
#include "render/order.h"
#include "render/render.h"
#include "render/render_json.h"
#include "render/render_text.h"
#include "render/view.h"

static void render_for_people(struct report *report, const struct view *view,
			      FILE *out)
{
	struct order order = order_make(report);

	render_text(report, &order, view, out);
	free(order.list);
}

void report_render(struct report *report, const struct view *view, FILE *out)
{
	if (view->format == FORMAT_TEXT)
		render_for_people(report, view, out);
	else if (view->format == FORMAT_JSON)
		render_json(report, out);
}
