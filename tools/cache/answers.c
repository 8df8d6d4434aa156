/*
 * See answers.h. Of types only that is kept what is asked of them once the
 * files are closed. A report of the same lines has the same findings in the
 * same order, so neither ids nor addresses are on the tape.
 */
#include <limits.h>
#include <stdlib.h>

#include "cache/answers.h"
#include "cache/tape.h"
#include "common/die.h"
#include "common/hash.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "symbols/place.h"
#include "debug/store.h"

/* A walk over one report. */
struct walk {
	struct tape *tape;
	struct report *report;
	struct module **modules;
	size_t modules_n;
	struct seen *stacks; /* that have been passed */
};

static bool applies(const struct walk *walk)
{
	return walk->tape->mode == TAPE_READS && !walk->tape->has_failed;
}

static void symbol_pass(struct tape *tape, struct symbol *symbol)
{
	symbol->function = tape_text(tape, symbol->function);
	symbol->file = tape_text(tape, symbol->file);
	symbol->home = tape_text(tape, symbol->home);
	symbol->line = (int)tape_limited(tape, (uint64_t)symbol->line, INT_MAX);
	symbol->column =
		(int)tape_limited(tape, (uint64_t)symbol->column, INT_MAX);
	symbol->first_line =
		(int)tape_limited(tape, (uint64_t)symbol->first_line, INT_MAX);
	symbol->inlined = tape_limited(tape, symbol->inlined, 1);
}

static const struct place *place_pass(struct walk *walk,
				      const struct place *old)
{
	struct tape *tape = walk->tape;
	bool is_new = tape_shared(tape, SHARED_PLACES, (const void **)&old);
	struct place *place;
	struct symbol symbol;
	size_t i, n;

	if (!is_new)
		return old;
	n = tape_count(tape, old ? old->n : 0);
	place = old ? NULL : place_new(walk->report, n ? n : 1);
	for (i = 0; i < n; i++) {
		symbol = old ? old->symbols[i] : place->symbols[i];
		symbol_pass(tape, &symbol);
		if (place)
			place->symbols[i] = symbol;
	}
	if (!place) {
		tape_number(tape, old->address);
		return old;
	}
	place->address = tape_number(tape, 0);
	tape_share(tape, SHARED_PLACES, place);
	return place;
}

static uint64_t module_number(const struct walk *walk,
			      const struct module *module)
{
	size_t i;

	for (i = 0; i < walk->modules_n; i++)
		if (walk->modules[i] == module)
			return i + 1;
	return 0;
}

static void frame_pass(struct walk *walk, struct frame *frame)
{
	uint64_t number =
		tape_limited(walk->tape, module_number(walk, frame->module),
			     walk->modules_n);

	frame->module = number ? walk->modules[number - 1] : NULL;
	frame->address = tape_number(walk->tape, frame->address);
	frame->is_jump = tape_limited(walk->tape, frame->is_jump, 1);
	frame->place = place_pass(walk, frame->place);
	if (!frame->place)
		walk->tape->has_failed = true;
}

/* Whether a stack of several members has been passed; it has been now. */
static bool was_passed(struct walk *walk, const struct stack *stack)
{
	struct seen *seen;

	HASH_FIND_PTR(walk->stacks, &stack, seen);
	if (seen)
		return true;
	seen = calloc(1, sizeof(*seen));
	if (!seen)
		die(STATUS_FAILED, "out of memory");
	seen->key = stack;
	HASH_ADD_PTR(walk->stacks, key, seen);
	return false;
}

/* Whether these are the stack's frames, with jumps among them or without. */
static bool is_of(const struct stack *stack, const struct frame *frames,
		  size_t n)
{
	size_t i, k = 0;

	if (frames == stack->frames)
		return true;
	for (i = 0; i < n; i++) {
		if (frames[i].is_jump)
			continue;
		if (k == stack->n ||
		    frames[i].module != stack->frames[k].module ||
		    frames[i].address != stack->frames[k].address)
			return false;
		k++;
	}
	return k == stack->n;
}

static void stack_pass(struct walk *walk, struct stack *stack)
{
	bool writes = walk->tape->mode == TAPE_WRITES;
	struct frame *frames;
	size_t i, n;

	if (!stack || was_passed(walk, stack))
		return;
	n = tape_count(walk->tape, stack->n);
	frames = writes ? stack->frames
			: report_take(walk->report, n, sizeof(*frames));
	for (i = 0; i < n; i++) {
		struct frame frame = frames[i];

		frame_pass(walk, &frame);
		if (!writes)
			frames[i] = frame;
	}
	if (!is_of(stack, frames, n))
		walk->tape->has_failed = true;
	if (applies(walk)) {
		stack->n = n;
		stack->frames = frames;
		stack->has_tails = true;
	}
}

static const struct type *type_pass(struct walk *walk, const struct type *type)
{
	struct tape *tape = walk->tape;
	bool is_new = tape_shared(tape, SHARED_TYPES, (const void **)&type);
	struct type copy = type && is_new ? *type : (struct type){0};
	struct known_type *known;

	if (!is_new)
		return type;
	copy.kind = tape_limited(tape, copy.kind, TYPE_CODE);
	copy.language = tape_limited(tape, copy.language, LANGUAGE_RUST);
	copy.name = tape_text(tape, copy.name);
	if (tape->mode == TAPE_WRITES)
		return type;
	known = type_new(walk->report, NULL);
	known->type.kind = copy.kind;
	known->type.language = copy.language;
	known->type.name = copy.name;
	tape_share(tape, SHARED_TYPES, &known->type);
	return &known->type;
}

static void member_pass(struct walk *walk, struct member *member)
{
	struct tape *tape = walk->tape;
	struct member copy = *member;

	copy.type = tape_text(tape, copy.type);
	copy.shape = type_pass(walk, copy.shape);
	copy.shape_at = tape_number(tape, copy.shape_at);
	copy.type_from = tape_limited(tape, copy.type_from, TYPE_FROM_PART);
	copy.type_sure = tape_limited(tape, copy.type_sure, 1);
	copy.runtime = tape_text(tape, copy.runtime);
	copy.count_field = tape_text(tape, copy.count_field);
	copy.field_count = tape_number(tape, copy.field_count);
	copy.is_inside = tape_limited(tape, copy.is_inside, 1);
	if (applies(walk))
		*member = copy;
	stack_pass(walk, member->stack);
}

static void edge_pass(struct walk *walk, struct edge *edge)
{
	struct tape *tape = walk->tape;
	struct edge copy = *edge;

	copy.field = tape_text(tape, copy.field);
	copy.pointee = type_pass(walk, copy.pointee);
	copy.ownership = tape_limited(tape, copy.ownership, OWN_BORROWED);
	copy.smart = tape_text(tape, copy.smart);
	if (applies(walk))
		*edge = copy;
	stack_pass(walk, edge->stack);
}

static void finding_pass(struct walk *walk, struct finding *finding)
{
	uint64_t id = hash_text(HASH_FIRST, finding->id);
	size_t i;

	if (tape_number(walk->tape, id) != id)
		walk->tape->has_failed = true;
	for (i = 0; i < finding->members_n + finding->kept_n; i++)
		member_pass(walk, &finding->members[i]);
	for (i = 0; i < finding->edges_n + finding->kept_edges_n; i++)
		edge_pass(walk, &finding->edges[i]);
	for (i = 0; i < finding->acquires_n; i++)
		stack_pass(walk, finding->acquires[i].stack);
}

/* Warnings that were there before have stacks, those of the looking up none. */
static void warnings_pass(struct walk *walk, size_t before)
{
	size_t i, n = tape_count(walk->tape,
				 texts_count(walk->report->warnings) - before);
	struct text *warning = walk->report->warnings;
	const char *text;

	for (i = 0; i < before; i++, warning = warning->next)
		stack_pass(walk, warning->stack);
	for (i = 0; i < n; i++) {
		text = tape_text(walk->tape, warning ? warning->text : NULL);
		if (!text)
			walk->tape->has_failed = true;
		if (applies(walk))
			report_warn(walk->report, "%s", text);
		if (warning)
			warning = warning->next;
	}
}

static void modules_pass(struct walk *walk)
{
	struct module *module;
	bool is_missing;

	walk->modules_n = HASH_COUNT(walk->report->modules);
	walk->modules = report_take(walk->report, walk->modules_n,
				    sizeof(*walk->modules));
	walk->modules_n = 0;
	for (module = walk->report->modules; module; module = module->hh.next) {
		walk->modules[walk->modules_n++] = module;
		is_missing = tape_limited(walk->tape, module->is_missing, 1);
		if (applies(walk))
			module->is_missing = is_missing;
	}
}

void answers_pass(struct tape *tape, struct report *report, size_t warnings)
{
	struct walk walk = {.tape = tape, .report = report};
	struct finding *finding;
	struct seen *seen, *next;

	modules_pass(&walk);
	for (finding = report->findings; finding && !tape->has_failed;
	     finding = finding->hh.next)
		finding_pass(&walk, finding);
	warnings_pass(&walk, warnings);
	if (tape->mode != TAPE_WRITES && tape->at != tape->numbers_n)
		tape->has_failed = true;
	HASH_ITER(hh, walk.stacks, seen, next) {
		HASH_DEL(walk.stacks, seen);
		free(seen);
	}
}
