/*
 * See site.h. The walk follows the block from frame to frame, as long as each
 * function returns it or stores it where its caller said. Every type that is
 * met on the way is a candidate; site_choose.c takes one by the block's size.
 */
#include <stdlib.h>

#include "model/model.h"
#include "model/type.h"
#include "symbols/code.h"
#include "symbols/modules.h"
#include "symbols/symbols.h"
#include "debug/entry.h"
#include "site/site.h"
#include "site/site_answer.h"
#include "site/site_choose.h"
#include "site/site_first.h"
#include "site/site_found.h"
#include "site/site_known.h"
#include "site/site_machine.h"
#include "site/site_passage.h"
#include "site/site_store.h"
#include "site/site_template.h"
#include "site/site_walk.h"
#include "debug/store.h"

#define FRAMES_MAX 24
#define FOUND_MAX 512

struct flow {
	struct report *report;
	const struct stack *stack;
	size_t n;
	struct found found[FOUND_MAX];
	size_t frames_n;
	const struct value *sizes[FRAMES_MAX];
	bool is_text, is_array, is_one, is_rounded;
	unsigned opaque_from; /* the last frame that said nothing */
};

static void found_add(struct flow *flow, const struct found *found)
{
	if (flow->n < FOUND_MAX)
		flow->found[flow->n++] = *found;
}

/* What was found before was of another such vector. */
static void owner_take(struct flow *flow, const struct argument_found *owner)
{
	size_t i;

	for (i = 0; i < flow->n; i++)
		if (flow->found[i].many &&
		    flow->found[i].candidate.type->size == owner->type->size)
			flow->found[i].candidate.type = owner->type;
}

static void templates_add(struct flow *flow)
{
	struct argument_found arguments[ARGUMENTS_FOUND_MAX];
	struct template_way way = {.goes_on = true};
	unsigned depth;
	size_t n, i;

	for (depth = 0; way.goes_on && depth < flow->stack->n; depth++) {
		const struct frame *frame = &flow->stack->frames[depth];

		if (!frame->module || depth == FRAMES_MAX)
			break;
		n = template_arguments(flow->report, frame, &way, arguments);
		for (i = 0; i < n; i++) {
			if (arguments[i].is_owner)
				owner_take(flow, &arguments[i]);
			found_add(flow,
				  &(struct found){
					  .candidate.type = arguments[i].type,
					  .candidate.source = SOURCE_TEMPLATE,
					  .depth = depth,
					  .many = arguments[i].many});
		}
	}
}

static void passage_add(struct flow *flow, const struct passage *passage,
			unsigned depth, int64_t base)
{
	size_t i;

	for (i = 0; i < passage->n; i++)
		found_add(flow,
			  &(struct found){.candidate = passage->candidates[i],
					  .depth = depth,
					  .base = base,
					  .is_array = flow->is_array,
					  .is_one = flow->is_one,
					  .sizes = flow->sizes,
					  .sizes_n = flow->frames_n});
}

/* Whether a module asks for the usable size of blocks. Gordian then takes that
 * for what the program wanted. */
static bool asks_usable(struct symbols *symbols)
{
	struct sites *sites = sites_of(symbols);

	if (!sites->usable_asked) {
		sites->usable_asked = true;
		sites->is_usable = fixup_named(symbols, "malloc_usable_size");
	}
	return sites->is_usable;
}

/* From frame to frame. */
static void follow(struct flow *flow)
{
	struct known known = known_find(flow->report, flow->stack);
	unsigned reg = known.reg, depth = (unsigned)known.frames;
	int64_t base = 0;

	flow->is_text = known.is_text;
	flow->is_array = flow->is_one = flow->is_rounded = false;
	for (; depth < flow->stack->n && depth < FRAMES_MAX; depth++) {
		const struct frame *frame = &flow->stack->frames[depth];
		struct symbols *symbols;
		struct passage *passage;

		if (!frame->module)
			break;
		symbols = symbols_of(flow->report, frame->module);
		passage = passage_at(flow->report, symbols, frame->address,
				     frame->is_jump && reg == RAX ? REG_JUMP
								  : reg);
		flow->sizes[flow->frames_n++] =
			passage_sizes(flow->report, symbols, passage);
		flow->is_array |= passage->is_array;
		flow->is_one |= passage->is_one;
		flow->is_rounded |= asks_usable(symbols);
		passage_add(flow, passage, depth, base);
		if (passage->is_array && passage->n)
			break; /* others may be made in it */
		if (passage->has_returned) {
			reg = RAX;
			base = value_move(value_of(VALUE_NUMBER, base),
					  passage->returned)
				       .offset;
			if (passage->is_opaque || passage->returned)
				flow->opaque_from = depth + 1;
		} else if (passage->has_out) {
			reg = passage->out;
		} else {
			break;
		}
	}
}

static void rest_tell(struct flow *flow)
{
	size_t i;

	for (i = 0; i < flow->n; i++) {
		flow->found[i].is_guarded =
			flow->found[i].depth < flow->opaque_from;
		flow->found[i].is_rounded = flow->is_rounded;
	}
}

/* Of what the C library made, whose debug information is not there. */
static void text_set(struct report *report, const struct stack *stack,
		     uint64_t size, struct site *site)
{
	struct symbols *symbols = symbols_of(report, stack->frames[0].module);
	struct sites *sites = sites_of(symbols);

	if (!sites->character) {
		sites->character = type_new(report, symbols);
		sites->character->type.kind = TYPE_SCALAR;
		sites->character->type.name = "char";
		sites->character->type.size = 1;
	}
	site->type = type_array(&sites->character->type, size);
	site->from = TYPE_FROM_DEBUG;
	site->is_sure = true;
	site->has_more = false;
	site->at = 0;
}

bool site_find(struct report *report, const struct stack *stack, uint64_t size,
	       struct site *site)
{
	struct flow flow;

	flow.report = report;
	flow.stack = stack;
	flow.n = flow.frames_n = flow.opaque_from = 0;
	templates_add(&flow);
	follow(&flow);
	rest_tell(&flow);
	first_mark(flow.found, flow.n, size);
	if (site_choose(flow.found, flow.n, size, site) && !flow.is_text)
		return true;
	if (flow.is_text && size)
		text_set(report, stack, size, site);
	return flow.is_text && size;
}
