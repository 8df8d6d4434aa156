/*
 * See ownership.h. The types of fields and the shapes of smart pointers have
 * spoken before. What is left: links, counts of objects, and C++ pointers.
 */
#include <stdlib.h>
#include <string.h>

#include "meaning/blocks.h"
#include "meaning/ownership.h"
#include "meaning/rings.h"
#include "model/model.h"
#include "model/type.h"

/* Where a block that counts for a shared_ptr, and holds the object, has its own
 * counts: they count no plain pointers. */
#define CONTROL_COUNTS 16

/* How many words lead to each block that may hold a count. */
static uint64_t *words_count(struct blocks *blocks)
{
	uint64_t *n = blocks_take(blocks, blocks->n, sizeof(*n));
	size_t i, w;

	for (w = 0; w < blocks->words_n; w++) {
		const struct word *word = &blocks->words[w];

		n[word->edge.to] +=
			word->role == WORD_PLAIN && edge_may_own(&word->edge);
	}
	for (i = 0; i < blocks->n; i++)
		if (block_member(blocks, i)->in_degree > n[i])
			n[i] = block_member(blocks, i)->in_degree;
	return n;
}

/* What the object counts of references to it; 0: not known. */
static uint64_t count_of(const struct member *member)
{
	if (member->count_field)
		return member->field_count;
	return member->has_count && member->count > 0 ? (uint64_t)member->count
						      : 0;
}

/* The same field of blocks of one type, or, where that is not known, of one
 * maker. */
struct like {
	size_t to;
	int64_t offset;
	const void *from;
	struct word *word;
};

static int by_likeness(const void *a, const void *b)
{
	const struct like *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* Words to objects whose count is known, the like ones together. */
static struct like *likes_list(struct blocks *blocks, size_t *n)
{
	struct like *likes =
		blocks_take(blocks, blocks->words_n, sizeof(*likes));
	size_t w;

	for (*n = 0, w = 0; w < blocks->words_n; w++) {
		struct word *word = &blocks->words[w];
		const struct edge *edge = &word->edge;
		const struct member *from = block_member(blocks, edge->from);

		if (word->role != WORD_PLAIN || edge->stack ||
		    !edge_may_own(edge) ||
		    !count_of(block_member(blocks, edge->to)))
			continue;
		likes[(*n)++] = (struct like){
			edge->to, edge->offset,
			from->shape ? (const void *)from->shape : from->stack,
			word};
	}
	qsort(likes, *n, sizeof(*likes), by_likeness);
	return likes;
}

/* An object that counts fewer references than there are like fields that lead
 * to it does not count those. */
static void uncounted_find(struct blocks *blocks)
{
	size_t n, i, end;
	struct like *likes = likes_list(blocks, &n);

	for (i = 0; i < n; i = end) {
		for (end = i + 1;
		     end < n && !by_likeness(&likes[i], &likes[end]); end++)
			;
		if (end - i <= count_of(block_member(blocks, likes[i].to)))
			continue;
		for (; i < end; i++)
			likes[i].word->edge.ownership = OWN_WEAK;
	}
}

/* A wrapper of the standard library owns what it leads to, and nobody else
 * does. Its name is known without debug information where it is counted. */
static bool is_wrapper(const struct member *member)
{
	return member->type && (!strncmp(member->type, "std::function<", 14) ||
				!strcmp(member->type, "std::any"));
}

/* References that calls were seen to take on a block, and that nobody was seen
 * to give back. Its first one was not taken by a call. */
static uint64_t taken_of(const struct blocks *blocks, size_t i)
{
	const struct finding *finding = blocks->finding;
	uint64_t n = 0;
	size_t k;

	for (k = 0; k < finding->acquires_n; k++)
		if (finding->acquires[k].member == i)
			n += finding->acquires[k].count;
	return n;
}

/* Whether all pointers to it are counted references, as far as is known. */
static bool is_counted(const struct blocks *blocks, size_t i, uint64_t words)
{
	const struct member *member = block_member(blocks, i);
	uint64_t taken;

	if (member->count_field || member->has_count)
		return member->count_field || count_of(member) >= words;
	taken = taken_of(blocks, i);
	return taken && taken + 1 >= words;
}

static void words_own(struct blocks *blocks)
{
	size_t w;

	for (w = 0; w < blocks->words_n; w++) {
		struct edge *edge = &blocks->words[w].edge;

		if (edge_is_weak(edge))
			edge->ownership = OWN_WEAK;
		else if (edge->stack || edge->is_link)
			edge->ownership = OWN_COUNTED;
		else if (edge->ownership == OWN_UNKNOWN && !edge->is_pair &&
			 edge->from != edge->to &&
			 is_wrapper(block_member(blocks, edge->from)))
			edge->ownership = OWN_UNIQUE;
	}
}

void ownership_find(struct blocks *blocks)
{
	const uint64_t *words;
	size_t w;

	words_own(blocks);
	uncounted_find(blocks);
	words = words_count(blocks);
	for (w = 0; w < blocks->words_n; w++) {
		struct edge *edge = &blocks->words[w].edge;

		if (edge->ownership != OWN_UNKNOWN &&
		    edge->ownership != OWN_BORROWED)
			continue;
		if (blocks->words[w].role == WORD_INSIDE)
			edge->ownership = block_is_part(blocks, edge->to)
						  ? OWN_UNIQUE
						  : OWN_BORROWED;
		else if (is_counted(blocks, edge->to, words[edge->to]))
			edge->ownership = OWN_COUNTED;
	}
}

/* It seems to count, although no type tells. */
static bool may_count(const struct blocks *blocks, size_t i)
{
	const struct member *member = block_member(blocks, i);
	size_t k;

	if (member->has_count || member->count_field)
		return true;
	if (member->shape)
		return false; /* its fields are known, and none is a count */
	if (!member->in_degree)
		return true; /* the report does not tell */
	for (k = 0; k < member->counts_n; k++)
		if (!blocks->is_control[i] ||
		    member->counts[k] >= CONTROL_COUNTS)
			return true;
	return false;
}

static const struct member *edge_block(const struct blocks *blocks,
				       const struct edge *edge)
{
	return block_member(blocks, edge->via_n ? edge->via[edge->via_n - 1]
						: edge->from);
}

static bool is_rust(const struct blocks *blocks, const struct edge *edge)
{
	const struct type *shape = edge_block(blocks, edge)->shape;

	return shape && shape->language == LANGUAGE_RUST;
}

/* A plain pointer of C++ or Rust. */
static bool is_plain_pointer(const struct blocks *blocks,
			     const struct edge *edge)
{
	const struct type *shape = edge_block(blocks, edge)->shape;

	if (edge->ownership == OWN_BORROWED)
		return true;
	return edge->ownership == OWN_UNKNOWN && !edge->smart && edge->field &&
	       shape &&
	       (shape->language == LANGUAGE_CXX ||
		shape->language == LANGUAGE_RUST);
}

/* The library that allocated a block; NULL: the program did, or it is not
 * known. */
static const struct module *library_of(const struct member *member)
{
	const struct stack *stack = member->stack;
	const struct module *module = stack->n ? stack->frames[0].module : NULL;

	return module != (stack->n ? stack->frames[stack->n - 1].module : NULL)
		       ? module
		       : NULL;
}

/* Whether a library whose objects count has made it for one of them. */
static bool is_of_counted(const struct blocks *blocks, size_t i)
{
	const struct module *library = library_of(block_member(blocks, i));
	const struct member *member;
	size_t k;

	for (k = 0; library && k < blocks->n; k++) {
		member = block_member(blocks, k);
		if (library_of(member) == library &&
		    ((member->has_count && member->runtime) ||
		     (!member->has_count && taken_of(blocks, k))))
			return true;
	}
	return false;
}

/* A word of what may be C++, whose type is not known, to what seems to have no
 * count: it may be a plain pointer as well. */
static bool is_untyped(const struct blocks *blocks, const struct edge *edge)
{
	return edge->ownership == OWN_UNKNOWN && !edge->smart &&
	       !edge->is_pair && !edge_block(blocks, edge)->shape &&
	       !block_has_identity(blocks, edge->to) &&
	       !is_of_counted(blocks, edge->to);
}

/* A pointer to what was made later may be its only owner; one back to what was
 * there before is none. */
static bool is_made_later(const struct blocks *blocks, const struct edge *edge)
{
	uint64_t from = block_member(blocks, edge->from)->since;
	uint64_t to = block_member(blocks, edge->to)->since;

	return from && to && from < to;
}

/* Whether the edge is a plain pointer of a ring that others are known to own,
 * to what has no count. */
static bool only_borrows(struct rings *rings, size_t e)
{
	const struct edge *edge = &rings->finding->edges[e];

	return is_plain_pointer(rings->blocks, edge) &&
	       !is_made_later(rings->blocks, edge) &&
	       !may_count(rings->blocks, edge->to) && rings_has_owner(rings, e);
}

/* A C++ pointer only borrows where other references of its ring are known to
 * own, and its target has no count: the program has made up its mind which is
 * which. By target, so that the ways from each are looked for once. */
void borrowed_find(struct blocks *blocks)
{
	struct finding *finding = blocks->finding;
	bool *found = blocks_take(blocks, finding->edges_n, sizeof(bool));
	struct rings rings;
	size_t e, i;

	rings_open(&rings, blocks, edge_may_refer);
	for (i = 0; i < blocks->n; i++)
		for (e = 0; e < finding->edges_n; e++)
			if (finding->edges[e].to == i)
				found[e] = only_borrows(&rings, e);
	for (e = 0; e < finding->edges_n; e++) {
		struct edge *edge = &finding->edges[e];

		edge->is_plain = is_plain_pointer(blocks, edge) ||
				 is_untyped(blocks, edge);
		if (found[e])
			edge->ownership = OWN_BORROWED;
		else if (edge->ownership == OWN_BORROWED &&
			 !is_rust(blocks, edge))
			edge->ownership = OWN_UNKNOWN;
	}
}
