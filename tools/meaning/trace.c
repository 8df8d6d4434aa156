/*
 * See trace.h. A variable is a member like any other once its type is known: so
 * its fields have names, and what it leads to gets its type from it.
 */
#include <string.h>

#include "meaning/trace.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/path.h"
#include "model/type.h"
#include "symbols/modules.h"
#include "symbols/resolve.h"
#include "types/types.h"
#include "debug/variable.h"

static struct stack none;

/* Makes room for one more member before the others. */
static void steps_shift(struct report *report, struct path *path)
{
	struct finding *steps = &path->steps;
	struct member *members =
		report_take(report, steps->members_n + 1, sizeof(*members));
	struct edge *edges =
		report_take(report, steps->edges_n + 1, sizeof(*edges));
	size_t i;

	memcpy(members + 1, steps->members,
	       steps->members_n * sizeof(*members));
	memcpy(edges + 1, steps->edges, steps->edges_n * sizeof(*edges));
	for (i = 1; i <= steps->edges_n; i++) {
		edges[i].from++;
		edges[i].to++;
	}
	for (i = 0; i < path->folds_n; i++)
		path->folds[i].at++;
	path->omitted_at++;
	steps->members = members;
	steps->edges = edges;
	steps->members_n++;
	steps->edges_n++;
}

static void variable_enter(struct report *report, struct path *path,
			   const struct variable_found *variable)
{
	steps_shift(report, path);
	path->is_rooted = true;
	path->steps.members[0] = (struct member){
		.size = variable->type->size,
		.stack = &none,
		.shape = variable->type,
		.type = variable->type->name,
		.type_from = TYPE_FROM_DEBUG,
		.type_sure = true,
		.part_of = -1,
	};
	path->steps.edges[0] = (struct edge){
		.from = 0,
		.to = 1,
		.offset = (int64_t)variable->inside,
		.into = path->root.into,
		.kind = path->root.into ? "interior" : "strong",
	};
}

static void root_explain(struct report *report, struct path *path)
{
	struct root *root = &path->root;
	struct variable_found variable;

	stack_resolve(report, &root->function);
	if (root->kind != ROOT_VARIABLE || !root->place.module)
		return;
	variable = variable_at(report, &root->place);
	root->variable = variable.name;
	root->inside = variable.inside;
	if (variable.type && path->steps.members_n)
		variable_enter(report, path, &variable);
}

/* Of blocks that several stacks allocated, the field tells what they are, or
 * that all are what the first is. */
static void mixed_settle(struct path *path, const struct fold *fold)
{
	struct member *member = &path->steps.members[fold->at];
	const struct edge *edge = path_edge(path, fold->at);
	const struct type *type = edge ? edge->pointee : NULL;

	member->stack = &none;
	if (type && type->name && member->type &&
	    !strcmp(type->name, member->type))
		return;
	member->type = type && type->size == member->size ? type->name : NULL;
}

void path_look_up(struct report *report, struct path *path)
{
	size_t i;

	finding_resolve(report, &path->steps);
	root_explain(report, path);
	finding_types(report, &path->steps);
	for (i = 0; i < path->folds_n; i++)
		if (path->folds[i].mixed)
			mixed_settle(path, &path->folds[i]);
}

void path_explain(struct report *report, struct path *path)
{
	path_look_up(report, path);
	modules_close(report);
}
