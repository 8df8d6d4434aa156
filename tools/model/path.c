/*
 * See path.h. As in record.c, what is missing or of another type is left out.
 */
#include <jansson.h>
#include <string.h>

#include "model/lookup.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/path.h"
#include "model/record.h"
#include "model/sample.h"

const char *const held_words[] = {
	[HELD_BY_ROOT] = "root",       [HELD_BY_DECREE] = "decree",
	[HELD_BY_SUSPECT] = "suspect", [HELD_BY_NOTHING] = "nothing",
	[HELD_UNKNOWN] = "unknown",    [HELD_NO_BLOCK] = "no-block",
};

static const char *const root_words[] = {
	[ROOT_VARIABLE] = "variable", [ROOT_STACK] = "stack",
	[ROOT_REGISTER] = "register", [ROOT_THREAD] = "thread",
	[ROOT_MEMORY] = "memory",
};

/* The index of the word; n: it is none of them. */
static size_t word_take(const json_t *record, const char *key,
			const char *const *words, size_t n)
{
	const char *word = json_string_value(json_object_get(record, key));
	size_t i;

	for (i = 0; word && i < n; i++)
		if (!strcmp(word, words[i]))
			return i;
	return n;
}

static void root_take(struct report *report, const json_t *entry,
		      const struct lookup *lookup, struct root *root)
{
	json_t *code = json_object_get(entry, "code");
	json_t *frames;

	root->kind =
		(enum root_kind)word_take(entry, "kind", root_words, ROOT_NONE);
	root->address = record_string(report, entry, "address");
	frame_take(json_object_get(entry, "place"), lookup, &root->place);
	root->into = record_number(entry, "into");
	root->thread = record_number(entry, "thread");
	if (!code)
		return;
	frames = json_pack("[O]", code);
	stack_take(report, frames, lookup, &root->function);
	json_decref(frames);
}

static uint64_t at_take(const json_t *list, size_t i)
{
	json_int_t n = json_integer_value(json_array_get(list, i));

	return n > 0 ? (uint64_t)n : 0;
}

/* One that begins before the last one's end is damaged: it is left out. */
static void folds_take(struct report *report, const json_t *record,
		       struct path *path)
{
	const json_t *list = json_object_get(record, "folds");
	size_t i, n = json_array_size(list), from = 0;

	path->folds = report_take(report, n, sizeof(*path->folds));
	for (i = 0; i < n; i++) {
		const json_t *entry = json_array_get(list, i);
		struct fold fold = {
			.at = at_take(entry, 0),
			.period = at_take(entry, 1),
			.times = at_take(entry, 2),
			.mixed = at_take(entry, 3),
		};

		if (fold.at < from || fold.at >= path->steps.members_n ||
		    !fold.period ||
		    fold.period > path->steps.members_n - fold.at)
			continue;
		path->folds[path->folds_n++] = fold;
		from = fold.at + fold.period;
	}
}

struct path *path_take(struct report *report, const json_t *record)
{
	struct path *path = report_take(report, 1, sizeof(*path));
	const json_t *root = json_object_get(record, "root");
	struct lookup lookup = {0};

	path->address = record_string(report, record, "address");
	path->block = record_string(report, record, "block");
	path->size = record_number(record, "size");
	path->held = (enum held)word_take(record, "held", held_words,
					  HELD_NO_BLOCK + 1);
	if (path->held > HELD_NO_BLOCK)
		path->held = HELD_UNKNOWN;
	path->finding = record_string(report, record, "finding");
	if (!path->finding)
		path->finding = record_string(report, record, "kept_by");
	path->is_kept = json_object_get(record, "kept_by");
	path->decree = record_string(report, record, "decree");
	modules_take(report, record, &lookup);
	path->root.kind = ROOT_NONE;
	if (root)
		root_take(report, root, &lookup, &path->root);
	sample_take(report, &path->steps, record);
	folds_take(report, record, path);
	path->length = record_number(record, "length");
	path->omitted = record_number(record, "omitted");
	path->omitted_at = record_number(record, "omitted_at");
	return path;
}

const struct edge *path_edge(const struct path *path, size_t member)
{
	size_t i;

	for (i = 0; i < path->steps.edges_n; i++)
		if (path->steps.edges[i].to == member &&
		    path->steps.edges[i].from + 1 == member)
			return &path->steps.edges[i];
	return NULL;
}

/* An array that a container or a smart pointer owns. */
static bool is_own_array(const struct path *path, size_t i)
{
	const struct edge *edge = path_edge(path, i);
	const char *type = path->steps.members[i].type;

	return edge && edge->ownership == OWN_UNIQUE && type && *type &&
	       type[strlen(type) - 1] == ']';
}

bool path_is_part(const struct path *path, size_t i)
{
	const struct member *member = &path->steps.members[i];

	return i &&
	       (member->is_told_part || member->is_inside ||
		member->type_from == TYPE_FROM_PART || is_own_array(path, i));
}

const struct fold *path_fold(const struct path *path, size_t member)
{
	size_t i;

	for (i = 0; i < path->folds_n; i++)
		if (path->folds[i].at == member)
			return &path->folds[i];
	return NULL;
}
