/*
 * See json_growing.h. Every key but `baseline` is always there. What is unknown
 * is null.
 */
#include <jansson.h>

#include "model/growing.h"
#include "model/model.h"
#include "render/json_growing.h"
#include "render/json_path.h"
#include "render/json_value.h"

static json_t *counts_json(const struct growing *growing)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < growing->counts_n; i++)
		json_array_append_new(list, number_json(growing->counts[i]));
	return list;
}

static json_t *steps_json(struct report *report, const struct growing *growing)
{
	if (!growing->path)
		return json_array();
	return path_steps_json(report, growing->path);
}

json_t *growing_json(struct report *report, const struct growing *growing)
{
	const struct member *member = growing_member(growing);
	const struct growing *holder = growing->holder;
	json_t *object = json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "id",
		text_json(growing->id), "type",
		text_json(member ? member->type : NULL), "count",
		counts_json(growing), "bytes", number_json(growing->bytes),
		"retained_bytes", number_json(growing->retained_bytes),
		"retained_blocks", number_json(growing->retained_blocks),
		"within", holder ? number_json(holder->rank) : json_null(),
		"path", steps_json(report, growing), "stack",
		stack_json(growing->stack), "pid", (json_int_t)growing->of->pid,
		"scan", number_json(growing->scan));

	if (growing->is_known)
		json_object_set_new(object, "baseline",
				    number_json(growing->baseline));
	return object;
}
