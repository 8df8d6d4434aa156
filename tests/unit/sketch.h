/*
 * Samples of findings written by hand, as tools/meaning/ gets them.
 */
#ifndef SKETCH_H
#define SKETCH_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "meaning/meaning.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"

#define BLOCKS_MAX 128
#define WORDS_MAX 512

struct sketch {
	struct report *report;
	struct finding *finding;
};

static struct module program_module = {
	.key = "", .path = "/t", .build_id = "", .is_executable = true};

/* A cycle of so far no blocks. */
static inline struct sketch sketch_new(void)
{
	struct sketch s = {.report = report_new()};

	s.finding = report_take(s.report, 1, sizeof(*s.finding));
	s.finding->id = "a";
	s.finding->cut = -1;
	s.finding->references = -1;
	s.finding->members =
		report_take(s.report, BLOCKS_MAX, sizeof(struct member));
	s.finding->edges =
		report_take(s.report, WORDS_MAX, sizeof(struct edge));
	HASH_ADD_KEYPTR(hh, s.report->findings, s.finding->id, 1, s.finding);
	return s;
}

static inline void sketch_free(struct sketch *s)
{
	HASH_CLEAR(hh, s->report->findings);
	obstack_free(&s->report->memory, NULL);
	large_free(s->report);
	free(s->report);
}

/* "Club::Club()@20<main@31": functions and addresses, innermost first. "?" has
 * no name. */
static inline struct stack *stack_of(struct sketch *s, const char *calls)
{
	struct stack *stack = report_take(s->report, 1, sizeof(*stack));
	char *copy = report_copy(s->report, calls, strlen(calls)), *at, *rest;

	stack->frames = report_take(s->report, 16, sizeof(*stack->frames));
	for (at = strtok_r(copy, "<", &rest); at;
	     at = strtok_r(NULL, "<", &rest)) {
		struct frame *frame = &stack->frames[stack->n++];
		struct place *place = report_take(s->report, 1, sizeof(*place));
		char *number = strrchr(at, '@');

		*number = '\0';
		place->n = 1;
		place->symbols =
			report_take(s->report, 1, sizeof(struct symbol));
		place->symbols->function = strcmp(at, "?") ? at : NULL;
		frame->address = strtoul(number + 1, NULL, 10);
		frame->module = &program_module;
		frame->place = place;
	}
	return stack;
}

/* Adds a block; blocks of equal calls are of one class. Returns it. */
static inline struct member *block(struct sketch *s, uint64_t size,
				   const char *calls)
{
	struct finding *finding = s->finding;
	struct member *member = &finding->members[finding->members_n++];
	static const char *last[BLOCKS_MAX];
	size_t i;

	finding->members_total = finding->members_n;
	*member = (struct member){.size = size, .part_of = -1};
	last[finding->members_n - 1] = calls;
	for (i = 0; !member->stack && i + 1 < finding->members_n; i++)
		if (!strcmp(last[i], calls))
			member->stack = finding->members[i].stack;
	if (!member->stack)
		member->stack = stack_of(s, calls);
	return member;
}

/* Adds a word. Returns it. */
static inline struct edge *word(struct sketch *s, size_t from, int64_t offset,
				size_t to)
{
	struct edge *edge = &s->finding->edges[s->finding->edges_n++];

	*edge = (struct edge){
		.from = from, .to = to, .offset = offset, .kind = "strong"};
	return edge;
}

static inline struct edge *word_into(struct sketch *s, size_t from,
				     int64_t offset, size_t to, uint64_t into)
{
	struct edge *edge = word(s, from, offset, to);

	edge->kind = "interior";
	edge->into = into;
	return edge;
}

static inline void field(struct edge *edge, const char *name,
			 enum ownership ownership)
{
	edge->field = name;
	edge->ownership = ownership;
}

static inline void mean(struct sketch *s)
{
	report_mean(s->report);
}

static inline const struct edge *cut_of(const struct sketch *s)
{
	assert_true(s->finding->cut >= 0);
	return &s->finding->edges[s->finding->cut];
}

#endif
