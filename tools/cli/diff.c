/*
 * The verb `diff`: what is new, grown or gone from one report to another.
 * Alarms are compared, by id. One that the other report has as a suspect, or as
 * pending, is neither new nor gone.
 */
#include <jansson.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/diff.h"
#include "cli/options.h"
#include "cli/verb.h"
#include "common/die.h"
#include "common/text.h"
#include "known/ledger.h"
#include "model/functions.h"
#include "model/kinds.h"
#include "render/json_finding.h"
#include "render/json_value.h"
#include "render/view.h"

struct finding;
struct report;

enum change { CHANGE_NONE, CHANGE_NEW, CHANGE_GROWN, CHANGE_GONE };

struct diff {
	struct ledger old, new;
	size_t n[CHANGE_GONE + 1];
};

static enum change change_of(const struct diff *diff, const struct known *new)
{
	const struct known *old = ledger_find(&diff->old, new->id);

	if (!new->is_alarm)
		return CHANGE_NONE;
	if (!old)
		return CHANGE_NEW;
	return new->count > old->count ? CHANGE_GROWN : CHANGE_NONE;
}

static bool is_gone(const struct diff *diff, const struct known *old)
{
	return old->is_alarm && !ledger_find(&diff->new, old->id);
}

static json_t *known_json(const struct ledger *ledger,
			  const struct known *known)
{
	return known->finding ? finding_json(ledger->report, known->finding)
			      : json_deep_copy(known->json);
}

static json_t *pair_json(uint64_t old, uint64_t new)
{
	return json_pack("[o, o]", number_json(old), number_json(new));
}

static json_t *grown_json(const struct known *old, const struct known *new)
{
	return json_pack("{s:o, s:o, s:o}", "id", text_json(new->id), "count",
			 pair_json(old->count, new->count), "bytes",
			 pair_json(old->bytes, new->bytes));
}

static void diff_json(struct diff *diff)
{
	json_t *fresh = json_array(), *gone = json_array(),
	       *grown = json_array();
	const struct known *known;

	for (known = diff->new.all; known; known = known->hh.next) {
		if (change_of(diff, known) == CHANGE_NEW)
			json_array_append_new(fresh,
					      known_json(&diff->new, known));
		if (change_of(diff, known) == CHANGE_GROWN)
			json_array_append_new(
				grown,
				grown_json(ledger_find(&diff->old, known->id),
					   known));
	}
	for (known = diff->old.all; known; known = known->hh.next)
		if (is_gone(diff, known))
			json_array_append_new(gone,
					      known_json(&diff->old, known));
	json_print(stdout, json_pack("{s:o, s:o, s:o}", "new", fresh, "gone",
				     gone, "grown", grown));
	putchar('\n');
}

static const char *string_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "?";
}

/* Prints n bytes of a text of anybody's, and what comes after. */
static void part_put(const char *text, size_t n, const char *after)
{
	bool utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	char *part = strndup(text, n), *shown;

	shown = part ? text_shown(part, utf8) : NULL;
	if (!shown)
		die(STATUS_USAGE, "out of memory");
	printf("%s%s", shown, after);
	free(shown);
	free(part);
}

static void text_put(const char *text, const char *after)
{
	part_put(text, strlen(text), after);
}

/* Whether a source file may be the program's own. */
static bool is_own(const char *file)
{
	return strcmp(file, "?") != 0 && !text_begins(file, "/usr/include/") &&
	       !text_begins(file, "/rustc/") && !text_begins(file, "./");
}

/* Prints where the head was allocated: the innermost frame that has a source
 * file of the program's. */
static void place_put(const json_t *finding)
{
	json_int_t head = json_integer_value(json_object_get(finding, "head"));
	const json_t *members = json_object_get(finding, "members");
	const json_t *stack =
		json_object_get(json_array_get(members, (size_t)head), "stack");
	size_t i;

	for (i = 0; i < json_array_size(stack); i++) {
		const json_t *frame = json_array_get(stack, i);
		const char *function = string_of(frame, "function"), *end;
		const char *file = string_of(frame, "file");

		if (!is_own(file))
			continue;
		end = function_bounds(function, &function);
		printf("           ");
		part_put(function,
			 end > function ? (size_t)(end - function) : 0, "  ");
		text_put(strrchr(file, '/') ? strrchr(file, '/') + 1 : file,
			 "");
		printf(":%lld\n", (long long)json_integer_value(
					  json_object_get(frame, "line")));
		return;
	}
}

/* old: NULL, or what there was before. */
static void finding_put(const char *change, const struct ledger *ledger,
			const struct known *known, const struct known *old)
{
	json_t *finding = known_json(ledger, known);
	const char *kind = string_of(finding, "kind");

	printf("%-5s  %s  ", change, kind_words[kind_of_word(kind)].title);
	if (old)
		printf("%llu, now ", (unsigned long long)old->count);
	printf("%llu ", (unsigned long long)known->count);
	text_put("× ", "");
	text_put(string_of(finding, "title"), ", ");
	printf("%llu bytes   id ", (unsigned long long)known->bytes);
	text_put(known->id, "\n");
	place_put(finding);
	json_decref(finding);
}

static void diff_text(struct diff *diff)
{
	const struct known *known;

	for (known = diff->new.all; known; known = known->hh.next)
		if (change_of(diff, known) == CHANGE_NEW)
			finding_put("new", &diff->new, known, NULL);
	for (known = diff->new.all; known; known = known->hh.next)
		if (change_of(diff, known) == CHANGE_GROWN)
			finding_put("grown", &diff->new, known,
				    ledger_find(&diff->old, known->id));
	for (known = diff->old.all; known; known = known->hh.next)
		if (is_gone(diff, known))
			finding_put("gone", &diff->old, known, NULL);
	printf("%zu new, %zu grown, %zu gone\n", diff->n[CHANGE_NEW],
	       diff->n[CHANGE_GROWN], diff->n[CHANGE_GONE]);
}

static void diff_count(struct diff *diff)
{
	const struct known *known;

	for (known = diff->new.all; known; known = known->hh.next)
		diff->n[change_of(diff, known)]++;
	for (known = diff->old.all; known; known = known->hh.next)
		diff->n[CHANGE_GONE] += is_gone(diff, known);
}

static int diff_main(const struct settings *settings, char **operands)
{
	struct diff diff = {0};

	if (!operands[0] || !operands[1])
		usage_die(&verb_diff, "two reports are needed, OLD and NEW");
	if (operands[2])
		usage_die(&verb_diff, "two reports only, not '%s' as well",
			  operands[2]);
	diff.old = ledger_open(operands[0], STATUS_USAGE);
	diff.new = ledger_open(operands[1], STATUS_USAGE);
	diff_count(&diff);
	if (settings->view.format == FORMAT_JSON)
		diff_json(&diff);
	else
		diff_text(&diff);
	if (fflush(stdout) || ferror(stdout))
		die(STATUS_USAGE, "cannot write to standard output");
	ledger_close(&diff.old);
	ledger_close(&diff.new);
	return diff.n[CHANGE_NEW] || diff.n[CHANGE_GROWN] ? STATUS_FAILED : 0;
}

const struct verb verb_diff = {
	.name = "diff",
	.synopsis = "diff [options] OLD NEW",
	.about = "say what is new in a report since another",
	.text = "Compares two reports: which findings only NEW has, of which "
		"NEW has more,\nand which only OLD has. Either may be a "
		"report's file, or the JSON that\n'gordian report "
		"--format=json' made of one. Exits with 1 when any is new or\n"
		"grown, with 2 when a report cannot be used. \"-\" is standard "
		"input.",
	.examples = "  gordian diff main.json gordian.4711.jsonl\n",
	.mask = MASK_DIFF,
	.usage_status = STATUS_USAGE,
	.main = diff_main,
};
