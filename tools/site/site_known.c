/*
 * See site_known.h.
 */
#include <string.h>

#include "model/model.h"
#include "symbols/modules.h"
#include "symbols/symbols.h"
#include "symbols/symtab.h"
#include "site/site_callee.h"
#include "site/site_known.h"
#include "site/site_machine.h"
#include "site/site_walk.h"

struct function {
	const char *name;
	unsigned reg;
	bool is_text;
};

static const struct function functions[] = {
	{"strdup", RAX, true},
	{"strndup", RAX, true},
	{"asprintf", RDI, true},
	{"asprintf_chk", RDI, true},
	{"vasprintf", RDI, true},
	{"vasprintf_chk", RDI, true},
	{"getline", RDI, true},
	{"getdelim", RDI, true},
	{"open_memstream", RDI, false},
	{"realpath", RAX, true},
	{"realpath_chk", RAX, true},
	{"canonicalize_file_name", RAX, true},
	{"getcwd", RAX, true},
	{"getcwd_chk", RAX, true},
	{"get_current_dir_name", RAX, true},
	{"tempnam", RAX, true},
	{"posix_memalign", RDI, false},
};

/* "__GI___strdup" is strdup. */
static const char *plain(const char *name)
{
	name += strspn(name, "_");
	if (!strncmp(name, "GI_", 3))
		name += 3;
	if (!strncmp(name, "IO_v", 4)) /* "_IO_vasprintf" */
		name += 3;
	return name + strspn(name, "_");
}

static const struct function *function_find(const char *name)
{
	size_t i;

	name = plain(name);
	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (!strcmp(functions[i].name, name))
			return &functions[i];
	return NULL;
}

static bool is_library(const struct frame *frame)
{
	const char *path = frame->module ? frame->module->path : "";
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	return !strncmp(name, "libc.so", 7) || !strncmp(name, "libc-2.", 7);
}

static const char *symbol_of(struct report *report, const struct frame *frame)
{
	struct symbols *symbols = symbols_of(report, frame->module);

	return symbols->module ? entry_name(symbols, frame->address, false)
			       : NULL;
}

/* The allocator itself, which has no frame. */
static const struct function *called(struct report *report,
				     const struct frame *frame)
{
	struct walk walk = {.report = report};
	struct callee callee;

	walk.symbols = symbols_of(report, frame->module);
	callee_called(&walk, frame->address, &callee);
	return callee.name ? function_find(callee.name) : NULL;
}

struct known known_find(struct report *report, const struct stack *stack)
{
	const struct function *function = NULL, *other;
	struct known known = {0, RAX, false};
	const char *name;
	size_t i;

	for (i = 0; i < stack->n && is_library(&stack->frames[i]); i++) {
		name = symbol_of(report, &stack->frames[i]);
		other = name ? function_find(name) : NULL;
		if (!other)
			continue;
		function = other;
		known.frames = i + 1;
	}
	if (!i && stack->n && stack->frames[0].module)
		function = called(report, &stack->frames[0]);
	if (function) {
		known.reg = function->reg;
		known.is_text = function->is_text;
	}
	return known;
}
