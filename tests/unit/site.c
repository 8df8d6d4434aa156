/*
 * Types from the stacks of allocations: programs that are compiled here, as
 * users compile them, have the type of each allocation beside it. Then the same
 * with damaged debug information and code, where anything may be found, but
 * nothing may hang or crash.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/memory.h"
#include "model/finish.h"
#include "model/model.h"
#include "model/type.h"
#include "symbols/modules.h"
#include "symbols/resolve.h"
#include "site/site.h"
#include "site/site_answer.h"

#define FRAMES 32
#define MARKS 100
#define LINE 4096

/* What a source says of one of its lines. */
struct mark {
	int line;
	bool must; /* be found; else nothing may be found instead */
	bool seen;
	char type[80];
};

struct source {
	const char *name;
	size_t n;
	struct mark marks[MARKS];
};

static char folder[64];
static int wrong;

static const char *top(void)
{
	const char *name = getenv("abs_top_srcdir");

	return name ? name : ".";
}

static bool shell(const char *format, ...)
{
	va_list arguments;
	char *command;
	int status;

	va_start(arguments, format);
	assert_true(vasprintf(&command, format, arguments) > 0);
	va_end(arguments);
	status = system(command);
	free(command);
	return !status;
}

static void source_read(struct source *source, const char *name)
{
	char line[LINE], path[LINE], kind[2];
	FILE *file;
	int at = 0;

	source->name = name;
	source->n = 0;
	snprintf(path, sizeof(path), "%s/tests/unit/%s", top(), name);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		struct mark *mark = &source->marks[source->n];
		char *sign = strstr(line, "; /* ");

		at++;
		if (!sign)
			sign = strstr(line, ") /* ");
		if (!sign)
			sign = strstr(line, "; // ");
		sign = sign ? strpbrk(sign, "*/") : NULL;
		if (!sign || sscanf(sign, "%*[/* ]%1[=~]", kind) != 1)
			continue;
		assert_true(source->n++ < MARKS);
		mark->line = at;
		mark->must = kind[0] == '=';
		mark->seen = false;
		if (sscanf(sign, "%*[/* ]%*[=~] %79[^\n]", mark->type) != 1)
			mark->type[0] = '\0';
		sign = strstr(mark->type, "*/");
		if (sign)
			*sign = '\0';
		while (mark->type[0] &&
		       mark->type[strlen(mark->type) - 1] == ' ')
			mark->type[strlen(mark->type) - 1] = '\0';
	}
	fclose(file);
}

static struct module *module_of(struct report *report, const char *path)
{
	struct module *module;

	HASH_FIND_STR(report->modules, path, module);
	if (module)
		return module;
	module = report_take(report, 1, sizeof(*module));
	module->key = module->path = report_copy(report, path, strlen(path));
	module->build_id = "";
	HASH_ADD_KEYPTR(hh, report->modules, module->key, strlen(path), module);
	return module;
}

/* A line of site-trace.c. */
static bool stack_read(struct report *report, char *line, struct stack *stack,
		       uint64_t *size)
{
	static const struct place nowhere;
	char path[LINE], *word, *plus;

	stack->n = 0;
	word = strtok(line, " \n");
	if (!word)
		return false;
	*size = strtoull(word, NULL, 10);
	while ((word = strtok(NULL, " \n")) && stack->n < FRAMES) {
		struct frame *frame = &stack->frames[stack->n++];

		plus = strrchr(word, '+');
		assert_non_null(plus);
		*plus = '\0';
		snprintf(path, sizeof(path), "%s/made", folder);
		frame->module =
			module_of(report, strcmp(word, ".") ? word : path);
		frame->address = strtoull(plus + 1, NULL, 10);
		frame->is_jump = false;
		frame->place = &nowhere;
	}
	return true;
}

/* The mark of the innermost frame that has one. */
static struct mark *mark_of(struct source *source, const struct stack *stack)
{
	size_t i, k, m;

	for (i = 0; i < stack->n; i++)
		for (k = 0; k < stack->frames[i].place->n; k++) {
			const struct symbol *symbol =
				&stack->frames[i].place->symbols[k];

			if (!symbol->file ||
			    !strstr(symbol->file, source->name))
				continue;
			for (m = 0; m < source->n; m++)
				if (source->marks[m].line == symbol->line)
					return &source->marks[m];
		}
	return NULL;
}

static void answer_check(const char *how, const struct source *source,
			 struct mark *mark, const struct site *site)
{
	char name[200] = "";

	if (site)
		snprintf(name, sizeof(name), "%s", site->type->name);
	if (site && site->at)
		snprintf(name + strlen(name), sizeof(name) - strlen(name),
			 "@%d", (int)site->at);
	mark->seen = true;
	if (!strcmp(name, mark->type) || (!mark->must && !*name))
		return;
	wrong++;
	print_error("%s %s:%d: '%s', not '%s'\n", how, source->name, mark->line,
		    name, mark->type);
}

static void trace_check(const char *how, struct source *sources, size_t n)
{
	struct report *report = report_new();
	struct frame frames[FRAMES];
	struct stack stack = {.n = 0, .frames = frames};
	char line[LINE], path[LINE];
	struct site site;
	uint64_t size;
	FILE *file;
	size_t i;

	snprintf(path, sizeof(path), "%s/trace", folder);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (!stack_read(report, line, &stack, &size))
			continue;
		stack_resolve(report, &stack);
		for (i = 0; i < n; i++) {
			struct mark *mark = mark_of(&sources[i], &stack);
			bool found =
				mark && site_find(report, &stack, size, &site);

			if (mark)
				answer_check(how, &sources[i], mark,
					     found ? &site : NULL);
		}
	}
	fclose(file);
	modules_close(report);
	report_free(report);
}

/* False: there is no such compiler. */
static bool program_make(const char *compiler, const char *flags,
			 const char *files)
{
	if (!shell("command -v %s >/dev/null", compiler))
		return false;
	assert_true(shell("cd %s/tests/unit && ${CC:-cc} -O1 "
			  "-fno-optimize-sibling-calls -c site-trace.c -o "
			  "%s/trace.o",
			  top(), folder));
	assert_true(shell("cd %s/tests/unit && %s -g -w %s %s %s/trace.o -o "
			  "%s/made -ldl",
			  top(), compiler, flags, files, folder, folder));
	assert_true(shell("TRACE=%s/trace %s/made", folder, folder));
	return true;
}

static void compiled_check(const char *compiler, const char *flags,
			   const char *files, struct source *sources, size_t n)
{
	char how[100];

	snprintf(how, sizeof(how), "%s %s", compiler, flags);
	if (program_make(compiler, flags, files))
		trace_check(how, sources, n);
}

static void seen_check(const struct source *source)
{
	size_t i;

	assert_true(source->n > 0);
	for (i = 0; i < source->n; i++)
		if (!source->marks[i].seen) {
			wrong++;
			print_error("%s:%d was not run\n", source->name,
				    source->marks[i].line);
		}
}

static void c(void **state)
{
	static const char files[] = "site-made.c site-opaque.c";
	struct source sources[2], ways, usable;

	(void)state;
	wrong = 0;
	source_read(&sources[0], "site-made.c");
	source_read(&sources[1], "site-opaque.c");
	compiled_check("gcc", "-O0", files, sources, 2);
	compiled_check("gcc", "-O1", files, sources, 2);
	compiled_check("gcc", "-O2 -gdwarf-4", files, sources, 2);
	compiled_check("gcc", "-O3 -no-pie", files, sources, 2);
	compiled_check("gcc", "-O2 -flto", files, sources, 2);
	compiled_check("clang", "-O0", files, sources, 2);
	compiled_check("clang", "-O2", files, sources, 2);
	seen_check(&sources[0]);
	seen_check(&sources[1]);
	source_read(&ways, "site-ways.c");
	compiled_check("gcc", "-O0", "site-ways.c", &ways, 1);
	compiled_check("gcc", "-O2", "site-ways.c", &ways, 1);
	compiled_check("clang", "-O0", "site-ways.c", &ways, 1);
	compiled_check("clang", "-O2", "site-ways.c", &ways, 1);
	source_read(&usable, "site-usable.c");
	compiled_check("gcc", "-O2", "site-usable.c", &usable, 1);
	compiled_check("clang", "-O2", "site-usable.c", &usable, 1);
	seen_check(&ways);
	seen_check(&usable);
	assert_int_equal(wrong, 0);
}

static void cxx(void **state)
{
	static const char files[] = "site-made.cc";
	struct source source;

	(void)state;
	wrong = 0;
	source_read(&source, files);
	compiled_check("g++", "-O0", files, &source, 1);
	compiled_check("g++", "-O2", files, &source, 1);
	compiled_check("clang++", "-O0", files, &source, 1);
	compiled_check("clang++", "-O2", files, &source, 1);
	seen_check(&source);
	assert_int_equal(wrong, 0);
}

/* Without debug information there is nothing to be said. */
static void bare(void **state)
{
	struct report *report = report_new();
	struct frame frames[FRAMES];
	struct stack stack = {.n = 0, .frames = frames};
	char line[LINE], path[LINE];
	struct site site;
	uint64_t size;
	FILE *file;
	int found = 0, n = 0;

	(void)state;
	assert_true(
		program_make("gcc", "-g0 -O2", "site-made.c site-opaque.c"));
	snprintf(path, sizeof(path), "%s/trace", folder);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (stack_read(report, line, &stack, &size) && ++n)
			found += site_find(report, &stack, size, &site) &&
				 strncmp(site.type->name, "char[", 5);
	fclose(file);
	modules_close(report);
	report_free(report);
	assert_true(n > 30);
	assert_int_equal(found, 0);
}

#define DAMAGES 60

static char *file_read(size_t *n)
{
	char path[LINE], *bytes;
	struct stat status;
	FILE *file;

	snprintf(path, sizeof(path), "%s/made", folder);
	assert_int_equal(stat(path, &status), 0);
	*n = (size_t)status.st_size;
	bytes = malloc(*n);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(bytes, 1, *n, file), *n);
	fclose(file);
	return bytes;
}

/* Some bytes of what is read: of code, and of debug information. */
static void damage(char *bytes, unsigned *seed)
{
	const Elf64_Ehdr *header = (const void *)bytes;
	const Elf64_Shdr *sections = (const void *)(bytes + header->e_shoff);
	const char *names = bytes + sections[header->e_shstrndx].sh_offset;
	int i, k;

	for (i = 0; i < header->e_shnum; i++) {
		const Elf64_Shdr *section = &sections[i];
		const char *name = names + section->sh_name;

		if (!section->sh_size ||
		    (strncmp(name, ".debug_", 7) && strcmp(name, ".text") &&
		     strcmp(name, ".eh_frame") && strcmp(name, ".rela.plt")))
			continue;
		for (k = rand_r(seed) % 12; k > 0; k--)
			bytes[section->sh_offset +
			      (size_t)rand_r(seed) % section->sh_size] =
				(char)rand_r(seed);
	}
}

static void damaged_read(void)
{
	struct report *report = report_new();
	struct frame frames[FRAMES];
	struct stack stack = {.n = 0, .frames = frames};
	char line[LINE], path[LINE];
	struct site site;
	uint64_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/trace", folder);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (stack_read(report, line, &stack, &size))
			site_find(report, &stack, size, &site);
	fclose(file);
	modules_close(report);
	report_free(report);
}

static void damaged(void **state)
{
	char path[LINE], *whole, *bytes;
	unsigned seed = 7;
	size_t n;
	FILE *file;
	int i;

	(void)state;
	assert_true(program_make("gcc", "-O2", "site-made.c site-opaque.c"));
	whole = file_read(&n);
	bytes = malloc(n);
	snprintf(path, sizeof(path), "%s/made", folder);
	alarm(120); /* a loop without end fails */
	for (i = 0; i < DAMAGES; i++) {
		memcpy(bytes, whole, n);
		damage(bytes, &seed);
		file = fopen(path, "w");
		assert_non_null(file);
		assert_int_equal(fwrite(bytes, 1, n, file), n);
		fclose(file);
		damaged_read();
	}
	alarm(0);
	free(whole);
	free(bytes);
}

static int folder_make(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/gordian-site.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
	(void)state;
	return shell("rm -rf %s", folder) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c),
		cmocka_unit_test(cxx),
		cmocka_unit_test(bare),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
