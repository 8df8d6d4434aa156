/* Programs that are built for a test, and what the command knows of their
 * types. */
#ifndef TYPES_MAKE_H
#define TYPES_MAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "symbols/modules.h"
#include "symbols/symbols.h"
#include "debug/entry.h"
#include "types/walk.h"

static char folder[64];

static inline int folder_make(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/gordian-types-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static inline int folder_remove(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

/* Runs a command in the folder; S is that of the sources. False: it failed. */
static inline bool run(const char *command)
{
	const char *top = getenv("abs_top_srcdir");
	char whole[2048];

	snprintf(whole, sizeof(whole),
		 "cd %s && S=%s/tests/types && { %s; } >log 2>&1", folder,
		 top ? top : "../..", command);
	return !system(whole);
}

/* A report that knows of one module: the file of that name in the folder. */
struct looking {
	struct report *report;
	struct module module;
	char path[128];
	struct symbols *symbols;
};

static inline void looking_begin(struct looking *looking, const char *name)
{
	memset(looking, 0, sizeof(*looking));
	snprintf(looking->path, sizeof(looking->path), "%s/%s", folder, name);
	looking->report = report_new();
	looking->module.path = looking->module.key = looking->path;
	looking->module.build_id = "";
	HASH_ADD_KEYPTR(hh, looking->report->modules, looking->path,
			strlen(looking->path), &looking->module);
	looking->symbols = symbols_of(looking->report, &looking->module);
}

static inline void looking_end(struct looking *looking)
{
	modules_close(looking->report);
	HASH_CLEAR(hh, looking->report->modules);
	obstack_free(&looking->report->memory, NULL);
	large_free(looking->report);
	free(looking->report);
}

static inline const char *own_word(enum ownership ownership)
{
	static const char *const words[] = {"unknown", "counted", "unique",
					    "weak", "borrowed"};

	return words[ownership];
}

/* A line for each pointer of the type, "path: ownership, name of the smart
 * pointer -> what it leads to"; equal lines one after another once. */
static inline void type_describe(struct looking *looking,
				 const struct type *type, FILE *out)
{
	char line[1024], last[1024] = "";
	struct leaf leaves[LEAVES_MAX];
	uint64_t offset;
	size_t n, i;

	for (offset = 0; offset < type->size; offset += 8) {
		n = leaves_find(looking->report, type, offset, leaves);
		for (i = 0; i < n; i++) {
			const struct leaf *leaf = &leaves[i];
			const char *to =
				leaf->pointee ? leaf->pointee->name : NULL;

			if (!leaf->is_pointer)
				continue;
			snprintf(line, sizeof(line), "%s: %s%s%s -> %s\n",
				 leaf->path, own_word(leaf->ownership),
				 leaf->smart ? ", " : "",
				 leaf->smart ? leaf->smart : "", to ? to : "?");
			if (strcmp(line, last))
				fputs(line, out);
			strcpy(last, line);
		}
	}
}

/* What type_describe() writes of the type of that name. */
static inline void describes(const char *file, const char *name,
			     const char *shown, const char *expected)
{
	struct looking looking;
	const struct type *type;
	char *text;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	looking_begin(&looking, file);
	type = type_by_name(looking.report, looking.symbols, name, 0);
	if (!type)
		print_error("%s has no %s\n", file, name);
	assert_non_null(type);
	assert_string_equal(type->name, shown);
	type_describe(&looking, type, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, expected);
	free(text);
	looking_end(&looking);
}

#endif
