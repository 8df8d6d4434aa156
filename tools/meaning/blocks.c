/*
 * See blocks.h.
 */
#include <stdlib.h>
#include <string.h>

#include "meaning/blocks.h"
#include "model/model.h"

void *blocks_take(struct blocks *blocks, size_t n, size_t size)
{
	void *memory = obstack_alloc(&blocks->memory, n * size + 1);

	return memset(memory, 0, n * size);
}

static int by_place(const void *a, const void *b)
{
	const struct edge *x = &((const struct word *)a)->edge;
	const struct edge *y = &((const struct word *)b)->edge;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

static void words_sort(struct blocks *blocks)
{
	size_t i, w = 0;

	qsort(blocks->words, blocks->words_n, sizeof(*blocks->words), by_place);
	for (i = 0; i <= blocks->n; i++) {
		while (w < blocks->words_n && blocks->words[w].edge.from < i)
			w++;
		blocks->first[i] = w;
	}
}

/* Fills the words. The cut is the library's. */
static void words_take(struct blocks *blocks)
{
	const struct finding *finding = blocks->finding;
	size_t i;

	for (i = 0; i < blocks->words_n; i++) {
		struct word *word = &blocks->words[i];

		word->edge = finding->edges[i];
		word->edge.is_given = finding->cut == (long)i;
		/* one that leads past the end only says where that is */
		if (word->edge.into &&
		    word->edge.into >= finding->members[word->edge.to].size)
			word->role = WORD_INSIDE;
	}
}

void blocks_open(struct blocks *blocks, struct report *report,
		 struct finding *finding)
{
	size_t i, n;

	if (finding->kind == KIND_CYCLE) /* its members are all that is shown */
		finding->kept_n = finding->kept_edges_n = 0;
	n = finding->members_n + finding->kept_n;
	*blocks = (struct blocks){
		.report = report,
		.finding = finding,
		.n = n,
		.words_n = finding->edges_n + finding->kept_edges_n,
	};
	obstack_init(&blocks->memory);
	blocks->words =
		blocks_take(blocks, blocks->words_n, sizeof(struct word));
	words_take(blocks);
	blocks->first = blocks_take(blocks, n + 1, sizeof(size_t));
	blocks->owner = blocks_take(blocks, n, sizeof(size_t));
	blocks->is_control = blocks_take(blocks, n, sizeof(bool));
	blocks->is_private = blocks_take(blocks, n, sizeof(bool));
	for (i = 0; i < n; i++)
		blocks->owner[i] = i;
	words_sort(blocks);
}

void blocks_close(struct blocks *blocks)
{
	obstack_free(&blocks->memory, NULL);
}

bool block_has_identity(const struct blocks *blocks, size_t i)
{
	const struct member *member = block_member(blocks, i);

	return member->has_count || member->finalizer || member->count_field ||
	       member->type_from == TYPE_FROM_MACRO ||
	       member->type_from == TYPE_FROM_RUNTIME;
}

bool block_is_virtual(const struct blocks *blocks, size_t i)
{
	const struct member *member = block_member(blocks, i);

	return member->rtti || member->type_from == TYPE_FROM_VTABLE;
}

bool block_leads_to(const struct blocks *blocks, size_t from, size_t to)
{
	size_t w;

	for (w = blocks->first[from]; w < blocks->first[from + 1]; w++) {
		const struct edge *edge = &blocks->words[w].edge;

		if (edge->to == to && edge->ownership != OWN_WEAK &&
		    !edge_is_weak(edge))
			return true;
	}
	return false;
}

bool block_is_free(const struct blocks *blocks, size_t i)
{
	return !block_is_part(blocks, i) && !blocks->is_control[i] &&
	       !block_has_identity(blocks, i);
}

const size_t *blocks_holders(struct blocks *blocks, bool objects)
{
	size_t *holder = blocks_take(blocks, blocks->n, sizeof(size_t));
	size_t *words = blocks_take(blocks, blocks->n, sizeof(size_t));
	bool *several = blocks_take(blocks, blocks->n, sizeof(bool));
	size_t i, w;

	for (i = 0; i < blocks->n; i++)
		holder[i] = NOBODY;
	for (w = 0; w < blocks->words_n; w++) {
		size_t block = blocks->words[w].edge.from;
		size_t from = objects ? blocks->owner[block] : block;
		size_t to = blocks->words[w].edge.to;

		words[to]++;
		if (from == to || blocks->owner[block] == to)
			continue;
		several[to] |= holder[to] != NOBODY && holder[to] != from;
		holder[to] = from;
	}
	for (i = 0; i < blocks->n; i++)
		if (several[i] || block_member(blocks, i)->in_degree > words[i])
			holder[i] = NOBODY;
	return holder;
}
