/*
 * See callers.h.
 */
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "heap/callers.h"
#include "heap/framed.h"
#include "heap/image.h"
#include "heap/strings.h"
#include "heap/traces.h"
#include "model/entries.h"
#include "model/memory.h"
#include "model/model.h"
#include "symbols/place.h"
#include "symbols/resolve.h"
#include "debug/variable.h"

#define FRAMES_MOST 128 /* that tell a type */

static struct symbol no_symbol;
static const struct place no_place = {.n = 1, .symbols = &no_symbol};

struct frame spot_frame(const struct callers *callers, struct spot spot)
{
	return (struct frame){
		.module = spot.module ? callers->modules[spot.module] : NULL,
		.address = spot.address,
		.place = &no_place,
	};
}

static void frame_resolve_one(struct report *report, struct frame *frame)
{
	struct stack one = {.n = 1, .frames = frame};

	frames_resolve(report, &one);
}

static void python_fill(struct report *report, const struct image *image,
			const struct caller *caller, struct frame *frame)
{
	struct place *place = place_new(report, 1);
	const struct strings *strings = &image->graph.strings;

	place->symbols[0].function =
		name_keep(report, string_text(strings, caller->function));
	place->symbols[0].file =
		name_keep(report, string_text(strings, caller->file));
	place->symbols[0].line = (int)caller->line;
	place->address = 1; /* it is known */
	frame->place = place;
}

void callers_resolve(struct report *report, struct callers *callers)
{
	const struct image *image = callers->image;
	size_t i;

	callers->frames = report_take(report, image->callers_n + 1,
				      sizeof(*callers->frames));
	for (i = 0; i < image->callers_n; i++) {
		const struct caller *caller = &image->callers[i];
		struct frame *frame = &callers->frames[i];

		*frame = spot_frame(callers, caller->spot);
		if (caller->spot.module && caller->spot.module == image->python)
			python_fill(report, image, caller, frame);
		else
			frame_resolve_one(report, frame);
	}
}

struct stack *caller_stack(struct report *report, const struct callers *callers,
			   uint32_t caller)
{
	struct stack *stack = report_take(report, 1, sizeof(*stack));
	const struct caller *all = callers->image->callers;
	struct frame frames[FRAMES_MOST];

	for (; caller != NONE && stack->n < FRAMES_MOST;
	     caller = all[caller].parent)
		if (!all[caller].own)
			frames[stack->n++] = callers->frames[caller];
	stack->frames = report_take(report, stack->n, sizeof(*frames));
	memcpy(stack->frames, frames, stack->n * sizeof(*frames));
	return stack;
}

uint32_t *callers_trace(struct report *report, const struct callers *callers,
			struct traces *traces)
{
	const struct image *image = callers->image;
	uint32_t *numbers = calloc(image->callers_n + 1, sizeof(*numbers));
	size_t i;

	if (!numbers)
		die(STATUS_FAILED, "out of memory");
	for (i = 0; i < image->callers_n; i++) {
		uint32_t parent = image->callers[i].parent;

		numbers[i] = parent == NONE ? 0 : numbers[parent];
		if (!image->callers[i].own)
			numbers[i] = frame_trace(
				report, &callers->image->graph.strings,
				&callers->frames[i], numbers[i], traces);
	}
	return numbers;
}

const char *variable_label(struct report *report, const struct frame *place)
{
	const char *name = variable_name(report, place);

	if (!name)
		return text_print(report, "%s+0x%llx",
				  module_name(place->module),
				  (unsigned long long)place->address);
	return text_print(report, "%s: %s", module_name(place->module), name);
}

const char *frame_label(struct report *report, const struct callers *callers,
			struct spot spot, const char *before)
{
	struct frame frame = spot_frame(callers, spot);
	const struct symbol *symbol;

	if (!frame.module)
		return before;
	frame_resolve_one(report, &frame);
	symbol = &frame.place->symbols[frame.place->n - 1];
	if (!symbol->function)
		return before;
	return text_print(report, "%s: %s()", before,
			  symbol_label(report, &frame, symbol));
}
