/*
 * See groups.h.
 */
#include "meaning/blocks.h"
#include "meaning/groups.h"
#include "meaning/sentinel.h"
#include "model/model.h"

struct search {
	struct blocks *blocks;
	size_t *group; /* of candidates that point at each other: the first; see
			  group_of() */
	bool *candidate;
};

static size_t group_of(const struct search *search, size_t i)
{
	size_t *group = search->group;

	while (group[i] != i)
		i = group[i] = group[group[i]];
	return i;
}

static void groups_join(const struct search *search)
{
	const struct blocks *blocks = search->blocks;
	size_t i, w, a, b;

	for (i = 0; i < blocks->n; i++)
		search->group[i] = i;
	for (w = 0; w < blocks->words_n; w++) {
		const struct edge *edge = &blocks->words[w].edge;

		if (!search->candidate[edge->from] ||
		    !search->candidate[edge->to])
			continue;
		a = group_of(search, edge->from);
		b = group_of(search, edge->to);
		search->group[a < b ? b : a] = a < b ? a : b;
	}
}

/* The one block outside of each group that points into it, NOBODY where there
 * are several. */
static size_t *groups_hold(const struct search *search)
{
	struct blocks *blocks = search->blocks;
	size_t *holder = blocks_take(blocks, blocks->n, sizeof(size_t));
	size_t *words = blocks_take(blocks, blocks->n, sizeof(size_t));
	bool *several = blocks_take(blocks, blocks->n, sizeof(bool));
	size_t i, w, g;

	for (i = 0; i < blocks->n; i++)
		holder[i] = NOBODY;
	for (w = 0; w < blocks->words_n; w++) {
		const struct edge *edge = &blocks->words[w].edge;

		words[edge->to]++;
		if (!search->candidate[edge->to])
			continue;
		g = group_of(search, edge->to);
		if (search->candidate[edge->from] &&
		    group_of(search, edge->from) == g)
			continue;
		several[g] |= holder[g] != NOBODY && holder[g] != edge->from;
		holder[g] = edge->from;
	}
	for (i = 0; i < blocks->n; i++)
		if (search->candidate[i] &&
		    block_member(blocks, i)->in_degree > words[i])
			several[group_of(search, i)] = true;
	for (i = 0; i < blocks->n; i++)
		if (several[i])
			holder[i] = NOBODY;
	return holder;
}

/* A smart pointer that a node holds. */
static bool is_held(const struct word *word)
{
	return word->edge.is_pair || word->role == WORD_SECOND;
}

/* Whether the group of a block without type leads back to its holder other than
 * by the ends of a list. Marks it in bad[]. What such a list holds may be its
 * holder. */
static void back_words_mark(const struct search *search, const size_t *holder,
			    bool *bad)
{
	struct blocks *blocks = search->blocks;
	bool *ends = blocks_take(blocks, blocks->n, sizeof(bool));
	bool *holds = blocks_take(blocks, blocks->n, sizeof(bool));
	size_t w, g;

	for (w = 0; w < blocks->words_n; w++) {
		const struct word *word = &blocks->words[w];

		if (!search->candidate[word->edge.from])
			continue;
		g = group_of(search, word->edge.from);
		if (word->edge.to != holder[g])
			continue;
		if (word_is_sentinel(blocks, word))
			ends[g] = true;
		else if (is_held(word))
			holds[g] = true;
		else
			bad[g] = true;
	}
	for (g = 0; g < blocks->n; g++)
		bad[g] |= holds[g] && !ends[g];
}

/* Makes the candidates parts of the object that holds their group, unless it is
 * bad. */
static void groups_take(const struct search *search, const size_t *holder,
			const bool *bad)
{
	struct blocks *blocks = search->blocks;
	size_t i, g;

	for (i = 0; i < blocks->n; i++) {
		if (!search->candidate[i])
			continue;
		g = group_of(search, i);
		if (holder[g] != NOBODY && !bad[g])
			blocks->owner[i] = holder[g];
	}
}

/* Nodes and buffers whose types are known. */
static void insides_find(struct search *search)
{
	struct blocks *blocks = search->blocks;
	bool *bad = blocks_take(blocks, blocks->n, sizeof(bool));
	size_t i;

	for (i = 0; i < blocks->n; i++)
		search->candidate[i] = block_is_free(blocks, i) &&
				       block_member(blocks, i)->is_inside;
	groups_join(search);
	groups_take(search, groups_hold(search), bad);
}

/* What has neither class nor type, held by an object of a class. */
static void storage_find(struct search *search)
{
	struct blocks *blocks = search->blocks;
	bool *bad = blocks_take(blocks, blocks->n, sizeof(bool));
	const size_t *holder;
	size_t i;

	for (i = 0; i < blocks->n; i++) {
		const struct member *member = block_member(blocks, i);

		search->candidate[i] = block_is_free(blocks, i) &&
				       !member->type && !member->has_vtable &&
				       !block_is_virtual(blocks, i);
	}
	groups_join(search);
	holder = groups_hold(search);
	back_words_mark(search, holder, bad);
	for (i = 0; i < blocks->n; i++)
		if (holder[i] != NOBODY && !block_is_virtual(blocks, holder[i]))
			bad[i] = true;
	groups_take(search, holder, bad);
}

void groups_find(struct blocks *blocks)
{
	struct search search = {
		.blocks = blocks,
		.group = blocks_take(blocks, blocks->n, sizeof(size_t)),
		.candidate = blocks_take(blocks, blocks->n, sizeof(bool)),
	};

	insides_find(&search);
	storage_find(&search);
}
