/*
 * See json_path.h. Every key is always there. What is unknown is null.
 */
#include <jansson.h>

#include "common/die.h"
#include "model/model.h"
#include "model/path.h"
#include "render/json_path.h"
#include "render/json_value.h"
#include "render/root.h"

static const char *const root_words[] = {
	[ROOT_VARIABLE] = "variable", [ROOT_STACK] = "stack",
	[ROOT_REGISTER] = "register", [ROOT_THREAD] = "thread-local",
	[ROOT_MEMORY] = "memory",     [ROOT_NONE] = "none",
};

static json_t *step_json(const struct path *path, size_t i)
{
	const struct member *member = &path->steps.members[i];
	const struct edge *edge = path_edge(path, i);
	const struct fold *fold = path_fold(path, i);

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "type",
		text_json(member->type), "size", number_json(member->size),
		"address", text_json(member->address), "field",
		text_json(edge ? edge->field : NULL), "offset",
		edge ? json_integer((json_int_t)edge->offset) : json_null(),
		"times", number_json(fold ? fold->times : 1), "steps",
		number_json(fold ? fold->period : 1), "part",
		path_is_part(path, i), "stack", stack_json(member->stack));
}

static json_t *root_json(struct report *report, const struct path *path)
{
	const struct root *root = &path->root;

	return json_pack("{s:o, s:s, s:o, s:o}", "root",
			 text_json(root_name(report, path)), "kind",
			 root_words[root->kind], "address",
			 text_json(root->address), "thread",
			 root->thread ? number_json(root->thread)
				      : json_null());
}

json_t *path_steps_json(struct report *report, const struct path *path)
{
	json_t *list = json_array();
	size_t i;

	if (path->held <= HELD_BY_DECREE)
		json_array_append_new(list, root_json(report, path));
	for (i = path->is_rooted; i < path->steps.members_n; i++)
		json_array_append_new(list, step_json(path, i));
	return list;
}

void path_json(struct report *report, const struct path *path,
	       const struct finding *member_of, FILE *out)
{
	json_t *value = json_pack(
		"{s:o, s:s, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "address",
		text_json(path->address), "held", held_words[path->held],
		"block", text_json(path->block), "size",
		number_json(path->size), "held_by",
		text_json(path->steps.held_by), "finding",
		text_json(member_of ? member_of->id : NULL), "kept",
		path->is_kept, "length", number_json(path->length), "omitted",
		number_json(path->omitted), "path",
		path_steps_json(report, path));

	if (!value ||
	    json_dumpf(value, out, JSON_INDENT(1) | JSON_ENSURE_ASCII))
		die(STATUS_FAILED, "out of memory");
	fputc('\n', out);
	json_decref(value);
}
