/*
 * See makers.h. Of libraries it is the innermost function that is no allocator:
 * g_socket_new, not g_main_loop_run. Where there are only those of C, C++ and
 * Rust, the one that the program called tells what is made: make_shared,
 * strdup.
 */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "model/entries.h"
#include "model/functions.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/makers.h"
#include "render/names.h"

size_t what_find(const struct entry_line *entries, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const char *function = entries[i].symbol->function;

		if (function && !entry_is_language(&entries[i]) &&
		    !function_is_allocator(function))
			return i;
	}
	return n - 1;
}

/* Without what stands in <>. */
static char *templates_drop(struct report *report, const char *name, size_t n)
{
	char *plain = report_take(report, n + 1, 1), *to = plain;
	int depth = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (name[i] == '<')
			depth++;
		else if (name[i] == '>' && depth)
			depth -= name[i - 1] != '-';
		else if (!depth)
			*to++ = name[i];
	}
	while (to > plain && to[-1] == ':') /* of "foo::<T>" */
		*--to = '\0';
	return plain;
}

/* Where "operator[]" begins outside of <>, or NULL. */
static const char *operator_at(const char *name, const char *end)
{
	int depth = 0;

	for (; name < end; name++) {
		depth += (*name == '<') - (*name == '>');
		if (!depth && text_begins(name, "operator"))
			return name;
	}
	return NULL;
}

/* "make_shared", "vector::push_back", "map::operator[]", "Rc::new": the last
 * name and, when it is a class's, that of the class. */
static const char *name_last(struct report *report, const char *function)
{
	const char *start, *end = function_bounds(function, &start);
	const char *sign = operator_at(start, end);
	const char *name, *last, *p;

	if (!sign)
		sign = end;
	name = templates_drop(report, start, (size_t)(sign - start));
	if (sign < end)
		name = text_print(report, "%s%s%.*s", name, *name ? "::" : "",
				  (int)(end - sign), sign);
	for (last = name, p = name; (p = strstr(p, "::")); p += 2)
		if (strstr(p + 2, "::"))
			last = p + 2;
	if (text_begins(last, "std::") || text_begins(last, "::"))
		last = strstr(last, "::") + 2;
	if (text_begins(last, "basic_string::"))
		last += strlen("basic_");
	return last;
}

/* Python has no templates: <module> is a name. */
static const char *what_name(struct report *report,
			     const struct entry_line *entry)
{
	const struct module *module = entry->frame->module;

	return module && module->is_python
		       ? entry->symbol->function
		       : name_last(report, entry->symbol->function);
}

/* The nearest frame of the program's that has a name and is no wrapper of an
 * allocator, or else the nearest to that; n: there is none. */
static size_t own_find(const struct entry_line *entries, size_t n)
{
	size_t i, best = n;
	int best_rank = -1;

	for (i = 0; i < n; i++) {
		const char *function = entries[i].symbol->function;
		int rank = !!function;

		if (entries[i].library)
			continue;
		if (function && !function_is_allocator(function))
			return i;
		if (rank > best_rank)
			best = i;
		best_rank = rank > best_rank ? rank : best_rank;
	}
	return best;
}

static const char *call_text(struct report *report,
			     const struct entry_line *entry)
{
	const char *name = entry_function(report, entry);
	size_t n = strlen(name);

	if (!entry->symbol->function)
		return NULL;
	return n && name[n - 1] == ')' ? name
				       : text_print(report, "%s()", name);
}

static const char *where_text(struct report *report,
			      const struct entry_line *entry)
{
	const char *file = entry->symbol->file, *slash;

	if (!file)
		return entry->symbol->function && entry->frame->module
			       ? module_name(entry->frame->module)
			       : entry_where(report, entry);
	slash = strrchr(file, '/');
	file = slash ? slash + 1 : file;
	return entry->symbol->line > 0
		       ? text_print(report, "%s:%d", file, entry->symbol->line)
		       : file;
}

struct maker stack_maker(struct report *report, const struct stack *stack)
{
	struct maker maker = {.where = "no stack was recorded"};
	struct entry_line *entries;
	size_t n = stack_entries(report, stack, &entries), own, run, what;

	if (!n)
		return maker;
	own = own_find(entries, n);
	for (run = 0; run < n && entries[run].library; run++)
		;
	what = run ? what_find(entries, run) : n;
	if (own == n)
		own = what;
	else if (run && entries[what].symbol->function &&
		 !entry_is_interpreter(&entries[what]))
		maker.what = what_name(report, &entries[what]);
	maker.entry = &entries[what < n ? what : own];
	maker.function = call_text(report, &entries[own]);
	maker.where = where_text(report, &entries[own]);
	return maker;
}

const char *maker_doing(struct report *report, const struct maker *maker)
{
	if (!maker->function)
		return maker->what ? maker->what : "";
	if (!maker->what)
		return maker->function;
	return text_print(report, "%s in %s", maker->what, maker->function);
}

const char *stack_place(struct report *report, const struct stack *stack)
{
	struct maker maker = stack_maker(report, stack);
	const char *doing = maker_doing(report, &maker);

	return *doing ? text_print(report, "%s (%s)", doing, maker.where)
		      : maker.where;
}

const char *warning_text(struct report *report, const struct text *warning)
{
	if (!warning->stack)
		return warning->text;
	return text_print(report, "%s, at %s", warning->text,
			  stack_place(report, warning->stack));
}
