/*
 * See entries.h.
 */
#include <string.h>

#include "model/entries.h"
#include "model/model.h"

const char *module_name(const struct module *module)
{
	const char *slash;

	if (!module || !*module->path)
		return "code outside any module";
	slash = strrchr(module->path, '/');
	return slash && slash[1] ? slash + 1 : module->path;
}

static bool has_prefix(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static bool in_system_directory(const char *path)
{
	return has_prefix(path, "/lib/") || has_prefix(path, "/usr/lib/") ||
	       has_prefix(path, "/lib64/") || has_prefix(path, "/usr/lib64/") ||
	       has_prefix(path, "/lib32/") || has_prefix(path, "/nix/store/");
}

static bool is_language_library(const char *name)
{
	return has_prefix(name, "libc.so") || has_prefix(name, "libc-2") ||
	       has_prefix(name, "libstdc++.so") ||
	       has_prefix(name, "libm.so") || has_prefix(name, "ld-linux") ||
	       has_prefix(name, "libgcc_s") || has_prefix(name, "libpthread") ||
	       has_prefix(name, "libc++");
}

/* A frame is the program's own, unless it is in a system library without line
 * information (a library whose debug information is installed is being worked
 * on), in the language's library, or in its headers. */
static const char *library_of(const struct frame *frame,
			      const struct symbol *symbol)
{
	const char *name = module_name(frame->module);
	const char *home = symbol->home ? symbol->home : symbol->file;

	if (!frame->module || frame->module->path[0] != '/')
		return name;
	if (is_language_library(name))
		return name;
	if (in_system_directory(frame->module->path) && !symbol->file &&
	    !frame->module->is_executable)
		return name;
	if (home && strstr(home, "/include/c++/"))
		return "C++ headers";
	return NULL;
}

/* Whether it is called by _start, which the C library links into
 * executables. */
static bool starts_program(const struct symbol *symbol)
{
	return symbol->function &&
	       has_prefix(symbol->function, "__libc_start_main");
}

size_t stack_entries(struct report *report, const struct stack *stack,
		     struct entry_line **entries)
{
	const char *start = NULL;
	size_t i, k, n = 0;

	for (i = 0; i < stack->n; i++)
		n += stack->frames[i].place->n;
	*entries = obstack_alloc(&report->memory, n * sizeof(**entries) + 1);
	for (n = 0, i = 0; i < stack->n; i++) {
		const struct frame *frame = &stack->frames[i];
		const struct place *place = frame->place;

		for (k = 0; k < place->n; k++, n++) {
			(*entries)[n].frame = frame;
			(*entries)[n].symbol = &place->symbols[k];
			(*entries)[n].library =
				start ? start
				      : library_of(frame, &place->symbols[k]);
			if (starts_program(&place->symbols[k]))
				start = module_name(frame->module);
		}
	}
	return n;
}

/* Behind the sign of an operator: "()", "<<=", "->"; p is behind "operator". */
static const char *operator_end(const char *p)
{
	p += strspn(p, " ");
	if (has_prefix(p, "()"))
		return p + 2;
	if (*p == '<')
		return p + strspn(p, "<=>");
	return p + strspn(p, "=>-+*/%^&|~!,[]");
}

const char *function_bounds(const char *text, const char **start)
{
	static const char anonymous[] = "(anonymous namespace)";
	const char *p = text;
	int depth = 0;

	*start = text;
	while (*p) {
		if (has_prefix(p, anonymous)) {
			p += sizeof(anonymous) - 1;
			continue;
		}
		if (has_prefix(p, "operator") && !depth) {
			p = operator_end(p + 8);
			continue;
		}
		if (*p == '<')
			depth++;
		else if (*p == '>' && depth)
			depth--;
		else if (!depth && *p == '(' && p > text)
			return p;
		else if (!depth && *p == ' ')
			*start = p + 1;
		p++;
	}
	return p;
}
