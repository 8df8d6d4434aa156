/*
 * See json_program.h.
 */
#include <jansson.h>

#include "model/hosts.h"
#include "model/model.h"
#include "render/json_program.h"
#include "render/json_value.h"

json_t *program_json(const struct program *program)
{
	json_t *argv = json_array();
	size_t i;

	for (i = 0; i < program->argc; i++)
		json_array_append_new(argv, text_json(program->argv[i]));
	return json_pack(
		"{s:I, s:o, s:o, s:o, s:o}", "pid", (json_int_t)program->pid,
		"host", text_json(program_host(program)), "argv", argv, "exe",
		text_json(program->exe), "exit",
		program->has_exit ? json_integer(program->exit) : json_null());
}

json_t *programs_json(const struct report *report)
{
	json_t *list = json_array();
	const struct program *program;

	for (program = report->programs; program; program = program->next)
		json_array_append_new(list, program_json(program));
	return list;
}
