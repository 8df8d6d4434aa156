/*
 * Short names for people: functions without parameters, files as seen from
 * here.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/entries.h"
#include "model/model.h"
#include "render/names.h"
#include "render/page.h"

#define NAME_MAX_WIDTH 60 /* of functions */
#define TYPE_MAX_WIDTH 44

/* "Box<Node<>, ...>": keeps the first argument in the outermost <>, if
 * keep_first, and nothing in inner ones. */
static const char *templates_cut(struct report *report, const char *name,
				 bool keep_first)
{
	char *to = obstack_alloc(&report->memory, 4 * strlen(name) + 8);
	char *short_name = to;
	bool keep = keep_first;
	int depth = 0;

	for (; *name; name++) {
		if (*name == '>' && depth) {
			if (--depth == 0 || (depth == 1 && keep))
				*to++ = '>';
			if (!depth)
				keep = keep_first;
		} else if (*name == '<') {
			if (++depth == 1 || (depth == 2 && keep))
				*to++ = '<';
		} else if (depth == 1 && keep && *name == ',') {
			keep = false;
			to = stpcpy(to, ", ...");
		} else if (!depth || (depth == 1 && keep)) {
			*to++ = *name;
		}
	}
	*to = '\0';
	return short_name;
}

static const char *name_fit(struct report *report, const char *name, int width)
{
	const char *shorter;

	if (text_width(name) <= width || strstr(name, "operator"))
		return name;
	shorter = templates_cut(report, name, true);
	if (text_width(shorter) > width)
		shorter = templates_cut(report, name, false);
	return shorter;
}

static const char *name_short(struct report *report, const char *function)
{
	const char *start, *end = function_bounds(function, &start);
	const char *name;

	if (!*start || start >= end)
		start = function;
	name = obstack_copy0(&report->memory, start, (int)(end - start));
	return name_fit(report, name, NAME_MAX_WIDTH);
}

static const char *by_module(struct report *report,
			     const struct entry_line *entry)
{
	if (!entry->frame->module || !*entry->frame->module->path)
		return text_print(report, "0x%llx",
				  (unsigned long long)entry->frame->address);
	return text_print(report, "%s+0x%llx",
			  module_name(entry->frame->module),
			  (unsigned long long)entry->frame->address);
}

const char *entry_function(struct report *report,
			   const struct entry_line *entry)
{
	if (entry->symbol->function)
		return name_short(report, entry->symbol->function);
	return "??";
}

const char *entry_where(struct report *report, const struct entry_line *entry)
{
	static char here[4096];
	const char *file = entry->symbol->file;
	size_t n;

	if (!file)
		return by_module(report, entry);
	if (!*here && !getcwd(here, sizeof(here)))
		strcpy(here, "/");
	n = strlen(here);
	if (n > 1 && !strncmp(file, here, n) && file[n] == '/')
		file += n + 1;
	if (entry->symbol->line <= 0)
		return file;
	return text_print(report, "%s:%d", file, entry->symbol->line);
}

/* The first frame of the program's that has a name, or the nearest to that. */
static const struct entry_line *maker_entry(const struct entry_line *entries,
					    size_t n)
{
	const struct entry_line *best = entries;
	int best_rank = -1;
	size_t i;

	for (i = 0; i < n; i++) {
		int rank =
			2 * !entries[i].library + !!entries[i].symbol->function;

		if (rank > best_rank) {
			best = &entries[i];
			best_rank = rank;
		}
	}
	return best;
}

const char *stack_maker(struct report *report, const struct stack *stack)
{
	struct entry_line *entries;
	size_t n = stack_entries(report, stack, &entries);
	const struct entry_line *entry = maker_entry(entries, n);
	const char *slash;

	if (!n)
		return "no stack was recorded";
	if (!entry->symbol->function)
		return by_module(report, entry);
	if (!entry->symbol->file)
		return text_print(report, "%s (%s)",
				  entry_function(report, entry),
				  module_name(entry->frame->module));
	slash = strrchr(entry->symbol->file, '/');
	return text_print(report, "%s (%s:%d)", entry_function(report, entry),
			  slash ? slash + 1 : entry->symbol->file,
			  entry->symbol->line);
}

const char *member_type(struct report *report, const struct member *member)
{
	if (!member->type)
		return NULL;
	return name_fit(report, member->type, TYPE_MAX_WIDTH);
}

const char *member_label(struct report *report, const struct member *member)
{
	const char *type = member_type(report, member);
	const char *label = text_size(report, member->size);

	if (type)
		label = text_print(report, "%s, %s", type, label);
	if (member->has_count)
		label = text_print(report, "%s, count %lld", label,
				   (long long)member->count);
	return label;
}

const char *edge_label(struct report *report, const struct finding *finding,
		       const struct edge *edge)
{
	const char *type = member_type(report, &finding->members[edge->from]);

	if (!edge->field)
		return text_print(report, "+%lld", (long long)edge->offset);
	return text_print(report, "%s.%s", type ? type : "", edge->field);
}

const char *warning_text(struct report *report, const struct text *warning)
{
	if (!warning->stack)
		return warning->text;
	return text_print(report, "%s, at %s", warning->text,
			  stack_maker(report, warning->stack));
}
