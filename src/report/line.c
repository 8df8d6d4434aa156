/*
 * See line.h.
 */
#include "base/text.h"
#include "report/line.h"
#include "stack/depot.h"
#include "stack/module.h"
#include "stack/python_code.h"
#include "stack/python_frames.h"
#include "stack/stack.h"

#define FRAMES 512

void line_key(struct line *line, const char *name)
{
	text_add(&line->text, ",\"");
	text_add(&line->text, name);
	text_add(&line->text, "\":");
}

void line_number(struct line *line, const char *name, int64_t n)
{
	line_key(line, name);
	text_number(&line->text, n);
}

void line_word(struct line *line, const char *name, const char *value)
{
	line_key(line, name);
	text_json(&line->text, value);
}

void line_id(struct line *line, uint64_t id)
{
	int shift;

	text_add(&line->text, "\"");
	for (shift = 60; shift >= 0; shift -= 4)
		text_hex(&line->text, id >> shift & 15);
	text_add(&line->text, "\"");
}

static int32_t list_add(uint32_t *list, uint32_t *n, uint32_t max,
			uint32_t what)
{
	uint32_t i;

	for (i = 0; i < *n; i++)
		if (list[i] == what)
			return i;
	if (*n == max)
		return -1;
	list[(*n)++] = what;
	return *n - 1;
}

/* Of a frame of Python code, the number among the places of this line. */
static int64_t python_at(struct line *line, uintptr_t address)
{
	uint32_t i;

	for (i = 0; i < line->places; i++)
		if (line->place[i] == address)
			return i;
	if (i == LINE_PLACES)
		return -1;
	line->place[line->places++] = address;
	return i;
}

/* [M, N] */
void line_place(struct line *line, uint32_t module, uintptr_t address)
{
	int32_t at = module ? list_add(line->module, &line->modules,
				       LINE_MODULES, module)
			    : -1;

	text_add(&line->text, "[");
	text_number(&line->text, at);
	text_add(&line->text, ",");
	if (module && module == python_module())
		text_number(&line->text, python_at(line, address));
	else
		text_number(&line->text,
			    at < 0 ? address
				   : address - module_get(module)->bias);
	text_add(&line->text, "]");
}

void line_frames(struct line *line, uint32_t id)
{
	uint32_t n = 0;

	text_add(&line->text, "[");
	for (id = stack_outwards(id); id && n < FRAMES;
	     id = stack_outwards(depot_frame(id).parent), n++) {
		struct depot_frame f = depot_frame(id);

		text_add(&line->text, n ? "," : "");
		line_place(line, f.module, f.pc);
	}
	text_add(&line->text, "]");
}

static void add_module(struct line *line, const struct module *m)
{
	char hex[2 * sizeof m->build_id + 1];
	unsigned i;

	for (i = 0; i < m->build_id_n; i++) {
		hex[2 * i] = "0123456789abcdef"[m->build_id[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[m->build_id[i] & 15];
	}
	hex[2 * i] = 0;
	text_add(&line->text, "{\"path\":");
	text_json(&line->text, m->path);
	line_word(line, "build_id", hex);
	text_add(&line->text, "}");
}

void line_stack(struct line *line, const char *name, uint32_t stack)
{
	line_key(line, name);
	text_number(&line->text,
		    list_add(line->stack, &line->stacks, LINE_STACKS, stack));
}

static void add_python(struct line *line, uintptr_t address)
{
	struct python_place place = python_place(address);

	text_add(&line->text, "{\"function\":");
	text_json(&line->text, place.function);
	line_word(line, "file", place.file);
	if (place.line)
		line_number(line, "line", place.line);
	if (place.first)
		line_number(line, "first_line", place.first);
	text_add(&line->text, "}");
}

static void add_places(struct line *line)
{
	uint32_t i;

	if (!line->places)
		return;
	line_key(line, "python");
	text_add(&line->text, "[");
	for (i = 0; i < line->places; i++) {
		text_add(&line->text, i ? "," : "");
		add_python(line, line->place[i]);
	}
	text_add(&line->text, "]");
}

void line_modules(struct line *line)
{
	uint32_t i;

	line_key(line, "modules");
	text_add(&line->text, "[");
	for (i = 0; i < line->modules; i++) {
		text_add(&line->text, i ? "," : "");
		add_module(line, module_get(line->module[i]));
	}
	text_add(&line->text, "]");
	add_places(line);
}

void line_references(struct line *line)
{
	uint32_t i;

	line_key(line, "stacks");
	text_add(&line->text, "[");
	for (i = 0; i < line->stacks; i++) {
		text_add(&line->text, i ? "," : "");
		line_frames(line, line->stack[i]);
	}
	text_add(&line->text, "]");
	line_modules(line);
}
