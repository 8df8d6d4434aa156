/*
 * See generate.h. Of a cycle whose cut is a field that has a name, that field
 * is taken. Otherwise it is the function of the program's that is nearest to
 * the allocation: main() only when there is no other, since it has called all
 * that is.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/text.h"
#include "known/generate.h"
#include "known/pattern.h"
#include "model/entries.h"
#include "model/functions.h"
#include "model/growing.h"
#include "model/kinds.h"
#include "model/memory.h"
#include "model/model.h"

#define PATTERN_MOST 240 /* bytes of a text; of a longer one its beginning */

/* A line that was printed. */
struct printed {
	const char *line;
	UT_hash_handle hh;
};

/* "^text$" as a pattern: what cannot stand in one becomes a star. */
static char *pattern_of(struct report *report, const char *text)
{
	size_t n = strlen(text), i;
	bool whole = n <= PATTERN_MOST;
	char *pattern;

	if (!whole)
		for (n = PATTERN_MOST; ((unsigned char)text[n] & 0xc0) == 0x80;)
			n--;
	pattern = report_take(report, 1, n + 3);
	pattern[0] = '^';
	for (i = 0; i < n; i++)
		pattern[i + 1] = (unsigned char)text[i] < ' ' || text[i] == '$'
					 ? '*'
					 : text[i];
	pattern[n + 1] = '$';
	if (!whole || !pattern_matches(pattern, text))
		pattern[n + 1] = '\0';
	return pattern;
}

static const char *line_make(struct report *report, const char *kind,
			     const char *pattern)
{
	char *line = report_take(report, 1, strlen(kind) + strlen(pattern) + 2);

	strcat(strcat(strcpy(line, kind), ":"), pattern);
	return line;
}

/* The field of the cut, or NULL. */
static const char *cut_line(struct report *report,
			    const struct finding *finding)
{
	const struct edge *cut;
	const char *type;
	char *text;

	if (finding->kind != KIND_CYCLE || finding->cut < 0)
		return NULL;
	cut = &finding->edges[finding->cut];
	type = finding->members[cut->from].type;
	if (!type || !cut->field || !*cut->field)
		return NULL;
	text = report_take(report, 1, strlen(type) + strlen(cut->field) + 2);
	strcpy(text, type);
	if (*cut->field != '[')
		strcat(text, ".");
	strcat(text, cut->field);
	return line_make(report, "cycle", pattern_of(report, text));
}

/* The better, the larger; 0: no function. */
static int worth(const struct entry_line *entry)
{
	const char *function = entry->symbol->function;

	if (!function || !*function)
		return 0;
	if (function_is_allocator(function))
		return 1;
	if (entry->library)
		return entry_is_language(entry) ? 2 : 4;
	return strcmp(function, "main") != 0 ? 5 : 3;
}

static const char *module_line(struct report *report,
			       const struct entry_line *entries, size_t n)
{
	const char *name;
	char *pattern;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!entries[i].frame->module)
			continue;
		name = module_name(entries[i].frame->module);
		pattern = pattern_of(report, name);
		*pattern = '/';
		return line_make(report, "leak", pattern);
	}
	return NULL;
}

/* The innermost of the best functions of a stack; else its module; else
 * NULL. */
static const char *stack_line(struct report *report, const struct stack *stack)
{
	struct entry_line *entries;
	size_t n = stack_entries(report, stack, &entries), i, best = 0;

	for (i = 1; i < n; i++)
		if (worth(&entries[i]) > worth(&entries[best]))
			best = i;
	if (!n || !worth(&entries[best]))
		return module_line(report, entries, n);
	return line_make(report, "leak",
			 pattern_of(report, entries[best].symbol->function));
}

static const char *finding_line(struct report *report,
				const struct finding *finding)
{
	const char *line = cut_line(report, finding);
	size_t i, n = finding->kind == KIND_CYCLE ? finding->members_n
						  : finding->head + 1;

	for (i = finding->kind == KIND_CYCLE ? 0 : finding->head;
	     !line && i < n && i < finding->members_n; i++)
		line = stack_line(report, finding->members[i].stack);
	return line;
}

static void comment_print(const struct finding *finding, FILE *out)
{
	char *title = text_shown(finding->title ? finding->title : "?", true);

	if (!title)
		die(STATUS_FAILED, "out of memory");
	fprintf(out, "# %s %s, %llu of %s\n", finding->id,
		kind_words[finding->kind].word,
		(unsigned long long)finding->sums.count, title);
	free(title);
}

/* line: or NULL. */
static void line_print(struct report *report, struct printed **all,
		       const char *line, FILE *out)
{
	struct printed *one;

	if (!line) {
		fputs("# (no frame of it has a name)\n", out);
		return;
	}
	if (!strcmp(line, "leak:^main$"))
		fputs("# (main() has called all that is)\n", out);
	HASH_FIND_STR(*all, line, one);
	if (one) {
		fprintf(out, "# (as above: %s)\n", line);
		return;
	}
	one = report_take(report, 1, sizeof(*one));
	one->line = line;
	HASH_ADD_KEYPTR(hh, *all, line, strlen(line), one);
	fprintf(out, "%s\n", line);
}

void suppressions_print(struct report *report, FILE *out)
{
	struct printed *all = NULL;
	const struct finding *finding;
	const struct growing *growing;

	for (finding = report->findings; finding; finding = finding->hh.next) {
		if (!finding_is_alarm(finding))
			continue;
		comment_print(finding, out);
		line_print(report, &all, finding_line(report, finding), out);
	}
	for (growing = report->growing; growing; growing = growing->hh.next) {
		if (growing->is_known || growing->holder)
			continue;
		fprintf(out, "# %llu blocks, which grow\n",
			(unsigned long long)growing_blocks(growing));
		line_print(report, &all, stack_line(report, growing->stack),
			   out);
	}
	HASH_CLEAR(hh, all);
}
