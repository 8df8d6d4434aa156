/*
 * See spot.h.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "forms/spot.h"
#include "model/entries.h"
#include "model/model.h"

/* Cuts directories off its end until one has an entry .git; false: none has. */
static bool repository_find(char *path, size_t size)
{
	size_t n = strlen(path);

	while (n && n + sizeof("/.git") <= size) {
		strcpy(path + n, "/.git");
		if (!access(path, F_OK)) {
			path[n] = '\0';
			return true;
		}
		while (n && path[--n] != '/')
			;
	}
	return false;
}

const char *spot_top(void)
{
	static char top[4096];

	if (*top)
		return top;
	if (!getcwd(top, sizeof(top)))
		return strcpy(top, "/");
	if (!repository_find(top, sizeof(top)) && !getcwd(top, sizeof(top)))
		strcpy(top, "/");
	return top;
}

/* What of the file's path is behind the top of the repository, or NULL. */
static const char *path_inside(const char *file)
{
	const char *top = spot_top();
	size_t n = strlen(top);

	if (file[0] != '/')
		return text_begins(file, "../") ? NULL : file;
	if (strncmp(file, top, n) != 0 || file[n] != '/')
		return NULL;
	return file + n + 1;
}

static struct spot entry_spot(const struct entry_line *entry)
{
	const struct symbol *symbol = entry->symbol;
	const char *inside = symbol->file ? path_inside(symbol->file) : NULL;
	struct spot spot = {
		.path = inside ? inside : symbol->file,
		.function = symbol->function,
		.line = symbol->line > 0 ? symbol->line : 0,
		.column = symbol->column > 0 ? symbol->column : 0,
		.inside = inside,
	};

	if (!spot.path && entry->frame->module)
		spot.path = entry->frame->module->path;
	return spot;
}

/* How good an entry is to show the finding at; 0: it is not. */
static int entry_worth(const struct entry_line *entry)
{
	const struct symbol *symbol = entry->symbol;

	if (symbol->file && !entry->library && path_inside(symbol->file))
		return 3;
	if (entry->library)
		return 0;
	return symbol->file ? 2 : entry->frame->module && symbol->function;
}

struct spot stack_spot(struct report *report, const struct stack *stack)
{
	struct entry_line *entries;
	size_t i, best = 0, n = stack_entries(report, stack, &entries);
	int worth = 0;

	for (i = 0; i < n; i++)
		if (entry_worth(&entries[i]) > worth) {
			worth = entry_worth(&entries[i]);
			best = i;
		}
	return worth ? entry_spot(&entries[best]) : (struct spot){0};
}

struct spot finding_spot(struct report *report, const struct finding *finding)
{
	if (!finding->members_n)
		return (struct spot){0};
	return stack_spot(report, finding->members[finding->head].stack);
}
