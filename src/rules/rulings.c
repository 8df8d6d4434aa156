/* See rulings.h. */
#include <string.h>
#include "base/arena.h"
#include "base/names.h"
#include "base/statement.h"
#include "process/dynamic.h"
#include "rules/rulings.h"
#include "rules/shipped.h"

static struct arena arena;
static struct ruling *list;
static uint32_t count;

const struct ruling *rulings_all(uint32_t *n)
{
	*n = __atomic_load_n(&count, __ATOMIC_ACQUIRE);
	return list;
}

bool rulings_is_library(const char *name, const char *library)
{
	for (; *library && *name == *library; name++)
		library++;
	return !*library &&
	       (!*name || (*name == '.' && name[1] >= '0' && name[1] <= '9'));
}

/* A text that is being read. */
struct reading {
	const char *library; /* of the statements that follow */
	void (*refuse)(uint32_t line, const char *why, void *data);
	void *data;
};

static const char *keep(const char *text)
{
	size_t n = strlen(text) + 1;
	char *kept = arena_alloc(&arena, n);

	return kept ? memcpy(kept, text, n) : NULL;
}

/* Without memory, or beyond so many, there are just fewer rules. */
static void add(const struct statement *statement, void *data)
{
	struct reading *reading = data;
	struct ruling *ruling;

	if (statement->kind == STATEMENT_LIBRARY) {
		reading->library = keep(statement->name);
		return;
	}
	if (!list)
		list = arena_map(RULINGS_MOST * sizeof *list);
	if (!list || count == RULINGS_MOST)
		return;
	ruling = &list[count];
	*ruling = (struct ruling){
		.kind = statement->kind,
		.name = keep(statement->name),
		.library = reading->library,
		.type = *statement->type ? name_intern(statement->type) : NULL,
		.hash = dynamic_hash(statement->name),
		.arg = statement->arg,
		.offset = statement->offset,
		.bits = statement->bits,
	};
	if (ruling->name)
		__atomic_store_n(&count, count + 1, __ATOMIC_RELEASE);
}

static void refuse(uint32_t line, const char *why, void *data)
{
	struct reading *reading = data;

	if (reading->refuse)
		reading->refuse(line, why, reading->data);
}

void rulings_read(const char *text, size_t n,
		  void (*on_refusal)(uint32_t line, const char *why,
				     void *data),
		  void *data)
{
	struct reading reading = {.refuse = on_refusal, .data = data};
	struct statements to = {add, refuse, &reading};

	statements_read(&to, text, n);
}

static bool is_about(const struct shipped *file, const char *name)
{
	size_t i;

	for (i = 0; i < SHIPPED_LIBRARIES && file->library[i]; i++)
		if (rulings_is_library(name, file->library[i]))
			return true;
	return false;
}

void rulings_know(const char *name)
{
	static bool known[SHIPPED_FILES];
	size_t i;

	for (i = 0; i < SHIPPED_FILES; i++) {
		const struct shipped *file = &shipped_files[i];

		if (known[i] || !is_about(file, name))
			continue;
		known[i] = true;
		rulings_read(file->text, file->end - file->text, NULL, NULL);
	}
}
