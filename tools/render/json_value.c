/*
 * See json_value.h.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/text.h"
#include "model/model.h"
#include "render/json_value.h"

json_t *text_json(const char *text)
{
	char *clean;
	json_t *value;

	if (!text)
		return json_null();
	clean = text_clean(text);
	value = clean ? json_string(clean) : NULL;
	free(clean);
	return value ? value : json_null();
}

json_t *number_json(uint64_t number)
{
	return json_integer((json_int_t)number);
}

json_t *indices_json(const size_t *indices, size_t n)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(list, number_json(indices[i]));
	return list;
}

static json_t *symbol_json(const struct frame *frame,
			   const struct symbol *symbol)
{
	const char *path = frame->module ? frame->module->path : NULL;
	json_t *line =
		symbol->line > 0 ? json_integer(symbol->line) : json_null();

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "function",
			 text_json(symbol->function), "file",
			 text_json(symbol->file), "line", line, "module",
			 text_json(path && *path ? path : NULL), "offset",
			 number_json(frame->address), "inlined",
			 symbol->inlined);
}

json_t *stack_json(const struct stack *stack)
{
	json_t *list = json_array();
	size_t i, k;

	for (i = 0; i < stack->n; i++) {
		const struct frame *frame = &stack->frames[i];
		const struct place *place = frame->place;

		for (k = 0; k < place->n; k++)
			json_array_append_new(
				list, symbol_json(frame, &place->symbols[k]));
	}
	return list;
}

/* A terminal may delete the character before this one. */
#define DELETE '\x7f'

int json_part_print(const char *part, size_t size, void *out)
{
	const char *end = part + size, *at;

	for (; part < end; part = at + 1) {
		at = memchr(part, DELETE, (size_t)(end - part));
		at = at ? at : end;
		fwrite(part, 1, (size_t)(at - part), out);
		if (at < end)
			fputs("\\u007f", out);
	}
	return ferror(out) ? -1 : 0;
}

void json_print(FILE *out, json_t *value)
{
	if (json_dump_callback(value, json_part_print, out,
			       JSON_INDENT(1) | JSON_ENCODE_ANY |
				       JSON_ENSURE_ASCII |
				       JSON_REAL_PRECISION(15)) &&
	    !ferror(out))
		die(STATUS_FAILED, "out of memory");
	json_decref(value);
}
