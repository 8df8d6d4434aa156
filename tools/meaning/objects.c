/*
 * See objects.h. From each object its parts are visited in the order of
 * offsets, depth first: the nodes of a list come in the order of the list.
 */
#include <stdio.h>
#include <string.h>

#include "meaning/blocks.h"
#include "meaning/objects.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"

/* How a part is reached from its object. */
struct way {
	const struct word *first; /* the object's own word */
	const char *path; /* how the program calls what holds it; or NULL */
	size_t before;	  /* the part before it, or NOBODY */
	size_t depth;
};

struct joining {
	struct blocks *blocks;
	struct way *way; /* of a part */
	bool *met;
	size_t *todo;  /* words whose targets are to be visited */
	size_t number; /* of references of this container so far */
	struct edge *edges;
	size_t n;
};

/* The parts on the way to this one and itself, in order. */
static const size_t *way_parts(struct joining *j, size_t part, size_t *n)
{
	struct report *report = j->blocks->report;
	size_t *via, i = j->way[part].depth;

	*n = i;
	via = report_take(report, i, sizeof(*via));
	for (; i-- > 0 && part != NOBODY; part = j->way[part].before)
		via[i] = part;
	return via;
}

/* The references in a node or buffer are those of a container; a part of
 * another type is a struct that the program knows. */
static bool is_storage(const struct blocks *blocks, size_t part)
{
	const struct member *member = block_member(blocks, part);

	return member->is_inside || !member->type ||
	       (member->shape && member->shape->kind == TYPE_ARRAY);
}

/* "members[1]", "slots[2].value", "d->child": what the program calls a word of
 * this part, which is reference number `index` of its container. NULL: it has
 * no name. */
static const char *way_field(const struct joining *j, size_t part,
			     const char *inner, size_t index)
{
	const char *path = j->way[part].path;
	bool named = inner && *inner;
	size_t n;
	char *field;

	if (named && block_member(j->blocks, part)->is_told_part)
		return inner; /* its runtime says it as its owner would */
	if (!path)
		return NULL;
	if (!is_storage(j->blocks, part) && !named)
		return inner ? path : NULL; /* a container, a smart pointer */
	n = strlen(path) + (named ? strlen(inner) : 0) + 32;
	field = report_take(j->blocks->report, n, 1);
	if (!is_storage(j->blocks, part))
		snprintf(field, n, "%s->%s", path, inner);
	else if (named && *inner == '[')
		snprintf(field, n, "%s%s", path, inner);
	else
		snprintf(field, n, "%s[%zu]%s%s", path, index, named ? "." : "",
			 named ? inner : "");
	return field;
}

static void edge_add(struct joining *j, size_t object, const struct word *word,
		     size_t index)
{
	struct edge *edge = &j->edges[j->n++];
	size_t part = word->edge.from;

	*edge = word->edge;
	edge->from = object;
	edge->to = j->blocks->owner[word->edge.to];
	if (part == object)
		return;
	edge->offset = j->way[part].first->edge.offset;
	edge->field = way_field(j, part, word->edge.field, index);
	edge->via = way_parts(j, part, &edge->via_n);
}

/* The object's own word to that part, rather than that of a table. */
static const struct word *word_nearest(const struct blocks *blocks,
				       size_t object, const struct word *word)
{
	const struct type *shape = block_member(blocks, word->edge.from)->shape;
	size_t w;

	if (!shape || shape->kind != TYPE_ARRAY)
		return word;
	for (w = blocks->first[object]; w < blocks->first[object + 1]; w++)
		if (blocks->words[w].edge.to == word->edge.to &&
		    blocks->words[w].role == WORD_INSIDE)
			return &blocks->words[w];
	return word;
}

/* A library's table of nodes: which of its slots leads to a node says nothing.
 */
static bool is_slots(const struct member *member)
{
	return member->is_inside && member->type && strstr(member->type, "*[");
}

/* Notes how a part is reached by this word. A node that another node leads to
 * is in the same container. */
static void part_meet(struct joining *j, size_t object, const struct word *word)
{
	size_t from;
	struct way *way = &j->way[word->edge.to];
	const char *field;

	j->met[word->edge.to] = true;
	word = word_nearest(j->blocks, object, word);
	from = word->edge.from;
	field = word->edge.field;
	*way = (struct way){word, field, NOBODY, 1};
	if (from == object)
		return;
	way->first = j->way[from].first;
	way->before = from;
	way->depth = j->way[from].depth + 1;
	way->path = j->way[from].path;
	if (is_slots(block_member(j->blocks, from)))
		return;
	if (!is_storage(j->blocks, from) || (field && *field))
		way->path = way_field(j, from, field, j->number);
}

/* The references of a block of the object. A word without a name of its own is
 * counted in its container. */
static void references_add(struct joining *j, size_t object, size_t block)
{
	struct blocks *blocks = j->blocks;
	size_t w, number = j->number;

	for (w = blocks->first[block]; w < blocks->first[block + 1]; w++) {
		const struct word *word = &blocks->words[w];
		bool named = word->edge.field && *word->edge.field;

		if (word->role != WORD_PLAIN)
			continue;
		edge_add(j, object, word, j->number);
		number++;
		if (!named)
			j->number = number;
	}
	if (number > j->number)
		j->number++;
}

/* Adds a block's words that lead to objects, and those to parts that were not
 * met yet to what is to do, so that the first is the next. */
static void block_visit(struct joining *j, size_t object, size_t block,
			size_t *todo_n)
{
	struct blocks *blocks = j->blocks;
	size_t w;

	references_add(j, object, block);
	for (w = blocks->first[block + 1]; w-- > blocks->first[block];) {
		const struct word *word = &blocks->words[w];

		if (word->role == WORD_INSIDE &&
		    block_is_part(blocks, word->edge.to) &&
		    blocks->owner[word->edge.to] == object)
			j->todo[(*todo_n)++] = w;
	}
}

static void object_visit(struct joining *j, size_t object)
{
	struct blocks *blocks = j->blocks;
	const struct word *first = NULL;
	size_t todo_n = 0;

	block_visit(j, object, object, &todo_n);
	while (todo_n) {
		const struct word *word = &blocks->words[j->todo[--todo_n]];
		size_t to = word->edge.to;

		if (j->met[to])
			continue;
		part_meet(j, object, word);
		if (j->way[to].first != first)
			j->number = 0;
		first = j->way[to].first;
		block_visit(j, object, to, &todo_n);
	}
}

static void words_keep(struct blocks *blocks)
{
	struct finding *finding = blocks->finding;
	size_t w;

	finding->words = report_take(blocks->report, blocks->words_n,
				     sizeof(struct edge));
	finding->words_n = blocks->words_n;
	for (w = 0; w < blocks->words_n; w++)
		finding->words[w] = blocks->words[w].edge;
}

void objects_join(struct blocks *blocks)
{
	struct finding *finding = blocks->finding;
	struct joining j = {.blocks = blocks};
	size_t i;

	words_keep(blocks);
	j.way = blocks_take(blocks, blocks->n, sizeof(struct way));
	j.met = blocks_take(blocks, blocks->n, sizeof(bool));
	/* each word is put there once, when its block is visited */
	j.todo = blocks_take(blocks, blocks->words_n, sizeof(size_t));
	j.edges = report_take(blocks->report, blocks->words_n,
			      sizeof(struct edge));
	for (i = 0; i < blocks->n; i++)
		if (!block_is_part(blocks, i))
			object_visit(&j, i);
	finding->edges = j.edges;
	finding->edges_n = j.n;
}
