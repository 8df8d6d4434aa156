/*
 * See entries.h.
 */
#include <string.h>

#include "common/text.h"
#include "model/entries.h"
#include "model/functions.h"
#include "model/memory.h"
#include "model/model.h"

static const char RUST_LIBRARY[] = "Rust's library";
static const char CXX_HEADERS[] = "C++ headers";
static const char PYTHON_LIBRARY[] = "Python's library";
static const char INTERPRETER[] = "Python's interpreter";

const char *module_name(const struct module *module)
{
	const char *slash;

	if (!module || !*module->path)
		return "code outside any module";
	slash = strrchr(module->path, '/');
	return slash && slash[1] ? slash + 1 : module->path;
}

static bool in_system_directory(const char *path)
{
	return text_begins(path, "/lib/") || text_begins(path, "/usr/lib/") ||
	       text_begins(path, "/lib64/") ||
	       text_begins(path, "/usr/lib64/") ||
	       text_begins(path, "/lib32/") || text_begins(path, "/nix/store/");
}

static bool is_language_library(const char *name)
{
	return text_begins(name, "libc.so") || text_begins(name, "libc-2") ||
	       text_begins(name, "libstdc++.so") ||
	       text_begins(name, "libm.so") || text_begins(name, "ld-linux") ||
	       text_begins(name, "libgcc_s") ||
	       text_begins(name, "libpthread") || text_begins(name, "libc++");
}

/* The part of a path behind that word, or NULL. */
static const char *behind(const char *path, const char *word)
{
	const char *at = strstr(path, word);

	return at ? at + strlen(word) : NULL;
}

/* "serde" of "serde-1.0.2/src/lib.rs"; from a repository, "tokio" of
 * "tokio-a7be89/1f/src/lib.rs". */
static const char *crate_name(struct report *report, const char *rest,
			      bool repository)
{
	size_t n = strcspn(rest, "/"), end = n, i;

	for (i = 1; i + 1 < n; i++)
		if (rest[i] == '-' &&
		    (repository || (rest[i + 1] >= '0' && rest[i + 1] <= '9')))
			end = i;
	return end ? report_copy(report, rest, end) : NULL;
}

/* The crate whose sources Cargo fetched, or that Debian packed; or NULL. */
static const char *crate_of(struct report *report, const char *file)
{
	const char *rest = behind(file, "/git/checkouts/");

	if (rest)
		return crate_name(report, rest, true);
	rest = behind(file, "/registry/src/");
	if (rest) /* behind the name of the registry */
		rest = strchr(rest, '/') ? strchr(rest, '/') + 1 : NULL;
	else
		rest = behind(file, "/usr/share/cargo/registry/");
	return rest ? crate_name(report, rest, false) : NULL;
}

static bool is_rust_source(const char *file)
{
	return (text_begins(file, "/rustc/") ||
		text_begins(file, "/usr/src/rustc-") ||
		strstr(file, "/rustlib/src/rust/")) &&
	       strstr(file, "/library/");
}

/* The library from whose sources the function was compiled into the program,
 * or NULL. */
static const char *source_library(struct report *report,
				  const struct symbol *symbol)
{
	const char *file = symbol->home ? symbol->home : symbol->file;

	if (!file) {
		if (!symbol->function ||
		    !function_is_standard(symbol->function))
			return NULL;
		return function_is_rust(symbol->function) ? RUST_LIBRARY
							  : CXX_HEADERS;
	}
	if (strstr(file, "/include/c++/"))
		return CXX_HEADERS;
	if (text_begins(file, "/usr/include/"))
		return "headers in /usr/include";
	return is_rust_source(file) ? RUST_LIBRARY : crate_of(report, file);
}

/* The package that is installed in a directory of that name, or NULL. */
static const char *package_in(struct report *report, const char *file,
			      const char *directory)
{
	const char *name = behind(file, directory);
	size_t n = name ? strcspn(name, "/") : 0;

	if (!n)
		return NULL;
	if (!name[n] && n > 3 && !strcmp(name + n - 3, ".py"))
		n -= 3;
	return report_copy(report, name, n);
}

/* The library of Python code, or NULL. */
static const char *python_library(struct report *report, const char *file)
{
	const char *package;

	if (!file)
		return NULL;
	package = package_in(report, file, "/dist-packages/");
	if (!package)
		package = package_in(report, file, "/site-packages/");
	if (package)
		return package;
	return text_begins(file, "<frozen ") || strstr(file, "/lib/python3")
		       ? PYTHON_LIBRARY
		       : NULL;
}

static bool is_interpreter(const struct module *module)
{
	const char *name = module_name(module);

	return text_begins(name, "python3") || text_begins(name, "libpython3");
}

/* A frame is the program's own, unless it is in a system library without line
 * information (a library whose debug information is installed is being worked
 * on), in the language's library, or in sources that a library brings. */
static const char *library_of(struct report *report, const struct frame *frame,
			      const struct symbol *symbol, bool scripted)
{
	const char *name = module_name(frame->module);

	if (frame->module && frame->module->is_python)
		return python_library(report, symbol->file);
	if (scripted && is_interpreter(frame->module))
		return INTERPRETER;
	if (!frame->module || frame->module->path[0] != '/')
		return name;
	if (is_language_library(name))
		return name;
	if (in_system_directory(frame->module->path) && !symbol->file &&
	    !frame->module->is_executable)
		return name;
	return source_library(report, symbol);
}

bool entry_is_language(const struct entry_line *entry)
{
	const char *library = entry->library;

	return library &&
	       (library == RUST_LIBRARY || library == CXX_HEADERS ||
		library == INTERPRETER || is_language_library(library));
}

bool entry_is_interpreter(const struct entry_line *entry)
{
	return entry->library && entry->library == INTERPRETER;
}

/* Rust's compiler adds a function that calls the program's main. */
static bool is_rust_start(const struct entry_line *before,
			  const struct symbol *symbol)
{
	return before->library == RUST_LIBRARY && !symbol->file &&
	       symbol->function && !strcmp(symbol->function, "main");
}

/* Whether it is called by _start, which the C library links into
 * executables. */
static bool starts_program(const struct symbol *symbol)
{
	return symbol->function &&
	       text_begins(symbol->function, "__libc_start_main");
}

/* Whether Python code is on the stack: the native frames of the interpreter are
 * then none of the program's own. */
static bool is_scripted(const struct stack *stack)
{
	size_t i;

	for (i = 0; i < stack->n; i++)
		if (stack->frames[i].module &&
		    stack->frames[i].module->is_python)
			return true;
	return false;
}

size_t stack_entries(struct report *report, const struct stack *stack,
		     struct entry_line **entries)
{
	const char *start = NULL;
	bool scripted = is_scripted(stack);
	struct entry_line *entry;
	size_t i, k, n = 0;

	for (i = 0; i < stack->n; i++)
		n += stack->frames[i].place->n;
	*entries = obstack_alloc(&report->memory, n * sizeof(**entries) + 1);
	for (n = 0, i = 0; i < stack->n; i++) {
		const struct frame *frame = &stack->frames[i];
		const struct place *place = frame->place;

		for (k = 0; k < place->n; k++, n++) {
			entry = &(*entries)[n];
			entry->frame = frame;
			entry->symbol = &place->symbols[k];
			entry->library = start;
			if (!start)
				entry->library = library_of(
					report, frame, entry->symbol, scripted);
			if (n && is_rust_start(entry - 1, entry->symbol))
				entry->library = RUST_LIBRARY;
			if (starts_program(entry->symbol))
				start = module_name(frame->module);
		}
	}
	return n;
}
