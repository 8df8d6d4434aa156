/*
 * Short names for people: functions without parameters, files as seen from
 * here.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/brief.h"
#include "model/entries.h"
#include "model/functions.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/names.h"
#include "render/page.h"

#define NAME_MAX_WIDTH 72 /* of functions */
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
	char *brief;

	if (!*start || start >= end)
		start = function;
	name = report_copy(report, start, (size_t)(end - start));
	if (strchr(name, '<') && !function_is_rust(function)) {
		brief = name_brief(name);
		name = report_copy(report, brief, strlen(brief));
		free(brief);
	}
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
	if (entry->symbol->function && entry->frame->module &&
	    entry->frame->module->is_python)
		return name_fit(report, entry->symbol->function,
				NAME_MAX_WIDTH);
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

void entry_lacks(const struct entry_line *entry, enum lack lack)
{
	struct module *module = entry->frame->module;

	if (lack != LACKS_NAMES && entry->symbol->file)
		return;
	if (module && !entry_is_language(entry) && module->lacks < lack)
		module->lacks = lack;
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

	return type ? type : text_size(report, member->size);
}

const char *edge_field(struct report *report, const struct edge *edge)
{
	const char *field = edge->field;

	if (field && *field)
		return *field == '[' ? field : text_print(report, ".%s", field);
	return text_print(report, "+%lld%s", (long long)edge->offset,
			  edge->kind[0] == 'i' ? " interior" : "");
}
