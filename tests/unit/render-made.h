/*
 * Explained reports made by hand, and how they print.
 */
#ifndef RENDER_MADE_H
#define RENDER_MADE_H

#include <stdlib.h>
#include <string.h>
#include "model/memory.h"
#include "model/model.h"
#include "render/render.h"
#include "render/view.h"

static struct module program_module = {.path = "/home/me/club",
				       .key = "club",
				       .build_id = "",
				       .is_executable = true};

/* Adds a frame, the innermost first, to a stack that has room for 16. */
static void frame_add(struct report *report, struct stack *stack,
		      const char *function, const char *file, int line)
{
	struct place *place = report_take(report, 1, sizeof(*place));
	struct symbol *symbol = report_take(report, 1, sizeof(*symbol));

	*symbol = (struct symbol){
		.function = function, .file = file, .line = line};
	place->n = 1;
	place->symbols = symbol;
	stack->frames[stack->n].module = &program_module;
	stack->frames[stack->n++].place = place;
}

static struct stack *stack_new(struct report *report)
{
	struct stack *stack = report_take(report, 1, sizeof(*stack));

	stack->frames = report_take(report, 16, sizeof(*stack->frames));
	return stack;
}

/* A stack of one function. */
static struct stack *stack_made(struct report *report, const char *name,
				int line)
{
	struct stack *stack = stack_new(report);

	frame_add(report, stack, name, "/home/me/club.cc", line);
	return stack;
}

static inline struct member member_made(struct report *report, const char *type,
					const char *maker, int line)
{
	return (struct member){.size = 64,
			       .type = type,
			       .type_sure = true,
			       .type_from = TYPE_FROM_DEBUG,
			       .part_of = -1,
			       .stack = stack_made(report, maker, line)};
}

static inline struct edge edge_made(size_t from, size_t to, const char *field)
{
	return (struct edge){
		.from = from, .to = to, .kind = "strong", .field = field};
}

/* An alarm with room for so many members and edges. */
static struct finding *finding_made(struct report *report, const char *id,
				    size_t members, size_t edges)
{
	struct finding *finding = report_take(report, 1, sizeof(*finding));

	finding->id = id;
	finding->sums = (struct sums){.count = 5, .bytes = 920};
	finding->members_total = finding->members_n = members;
	finding->edges_n = edges;
	finding->members = report_take(report, members, sizeof(struct member));
	finding->edges = report_take(report, edges, sizeof(struct edge));
	finding->references = finding->cut = -1;
	HASH_ADD_KEYPTR(hh, report->findings, finding->id, strlen(finding->id),
			finding);
	return finding;
}

static struct report *report_made(void)
{
	struct report *report = report_new();
	struct program *program = report_take(report, 1, sizeof(*program));
	static const char *argv[] = {"./club"};

	program->pid = 42;
	program->argc = 1;
	program->argv = argv;
	report->programs = report->program = program;
	report->programs_n = 1;
	return report;
}

/* malloc'd */
static char *printed(struct report *report, bool verbose)
{
	const struct view view = {.format = FORMAT_TEXT, .verbose = verbose};
	char *text;
	size_t n;
	FILE *out = open_memstream(&text, &n);
	struct finding *finding;

	for (finding = report->findings; finding; finding = finding->hh.next)
		finding->rank = 0; /* reports are printed once */
	report_render(report, &view, out);
	fclose(out);
	return text;
}

#endif
