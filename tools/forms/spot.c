/*
 * See spot.h.
 */
#include "forms/repository.h"
#include "forms/spot.h"
#include "model/entries.h"
#include "model/model.h"

static const char *inside_of(struct report *report,
			     const struct entry_line *entry)
{
	const char *file = entry->symbol->file;

	return file ? repository_path(report, file) : NULL;
}

static struct spot entry_spot(struct report *report,
			      const struct entry_line *entry)
{
	const struct symbol *symbol = entry->symbol;
	const char *inside = inside_of(report, entry);
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
static int entry_worth(struct report *report, const struct entry_line *entry)
{
	const struct symbol *symbol = entry->symbol;

	if (entry->library)
		return 0;
	if (inside_of(report, entry))
		return 3;
	return symbol->file ? 2 : entry->frame->module && symbol->function;
}

struct spot stack_spot(struct report *report, const struct stack *stack)
{
	struct entry_line *entries;
	size_t i, best = 0, n = stack_entries(report, stack, &entries);
	int worth = 0;

	for (i = 0; i < n; i++)
		if (entry_worth(report, &entries[i]) > worth) {
			worth = entry_worth(report, &entries[i]);
			best = i;
		}
	return worth ? entry_spot(report, &entries[best]) : (struct spot){0};
}

struct spot finding_spot(struct report *report, const struct finding *finding)
{
	if (!finding->members_n)
		return (struct spot){0};
	return stack_spot(report, finding->members[finding->head].stack);
}
