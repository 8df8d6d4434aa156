/*
 * See parts.h. A part has one holder, and no identity of its own. That alone
 * proves nothing: each block of a ring of three may be held once. What proves
 * it:
 *
 * - Its type is an inside of a library: a node, a buffer. Nodes that point at
 *   each other belong to the one object that points at any of them.
 * - It is an array.
 * - It has no class, while its holder has one, and it does not lead back to its
 *   holder's beginning.
 * - The holder's constructor made it, or its name is that of a private half.
 * - A pointer of its holder owns it alone, and it does not lead back.
 */
#include <string.h>

#include "meaning/blocks.h"
#include "meaning/parts.h"
#include "meaning/private.h"
#include "model/model.h"
#include "model/type.h"

struct search {
	struct blocks *blocks;
	const size_t *holder;
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

/* A list or tree ends in its owner in as many words as this, at most. */
#define SENTINEL_BYTES 32

/* The first word of the block at the offset or behind it. */
static size_t word_from(const struct blocks *blocks, size_t i, int64_t offset)
{
	size_t low = blocks->first[i], high = blocks->first[i + 1], middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (blocks->words[middle].edge.offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether the owner has a word there that leads to a node. */
static bool ends_there(const struct blocks *blocks, size_t owner, uint64_t at)
{
	size_t w = word_from(blocks, owner, (int64_t)at), steps;

	for (steps = 0; w < blocks->first[owner + 1] && steps < SENTINEL_BYTES;
	     w++, steps++) {
		const struct edge *edge = &blocks->words[w].edge;

		if ((uint64_t)edge->offset - at >= SENTINEL_BYTES)
			break;
		if (edge->to != owner && !block_is_virtual(blocks, edge->to))
			return true;
	}
	return false;
}

/* It has a name of its own, unless it is a slot of a library's table. */
static bool is_named(const struct blocks *blocks, const struct edge *edge)
{
	return edge->field && *edge->field &&
	       !(block_member(blocks, edge->from)->is_inside &&
		 edge->field[0] == '[');
}

/* A word of a part into its owner, where the owner has its end of the list or
 * tree. Such a word is no reference. */
static bool is_sentinel(const struct blocks *blocks, const struct word *word)
{
	size_t owner = word->edge.to;

	if (word->edge.kind[0] != 'i' || word->role != WORD_PLAIN ||
	    word->edge.is_pair || is_named(blocks, &word->edge) ||
	    (word->edge.ownership != OWN_UNKNOWN &&
	     word->edge.ownership != OWN_BORROWED))
		return false;
	return word->edge.into ? ends_there(blocks, owner, word->edge.into)
			       : !blocks->is_control[owner];
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

/* Whether the group of a block without type leads back to its holder other than
 * by the ends of a list. Marks it in bad[]. */
static void back_words_mark(const struct search *search, const size_t *holder,
			    bool *bad)
{
	const struct blocks *blocks = search->blocks;
	size_t w, g;

	for (w = 0; w < blocks->words_n; w++) {
		const struct word *word = &blocks->words[w];

		if (!search->candidate[word->edge.from])
			continue;
		g = group_of(search, word->edge.from);
		if (word->edge.to == holder[g] && !is_sentinel(blocks, word))
			bad[g] = true;
	}
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

static bool is_free(const struct blocks *blocks, size_t i)
{
	return !block_is_part(blocks, i) && !blocks->is_control[i] &&
	       !block_has_identity(blocks, i);
}

static bool is_array(const struct member *member)
{
	return member->shape && member->shape->kind == TYPE_ARRAY;
}

/* Nodes and buffers whose types are known. */
static void insides_find(struct search *search)
{
	struct blocks *blocks = search->blocks;
	bool *bad = blocks_take(blocks, blocks->n, sizeof(bool));
	size_t i;

	for (i = 0; i < blocks->n; i++)
		search->candidate[i] = is_free(blocks, i) &&
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

		search->candidate[i] = is_free(blocks, i) && !member->type &&
				       !member->has_vtable &&
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

/* Pointers from the beginning on, without a gap, to blocks that are alike, and
 * not like this one: a table of pointers in C. */
static bool is_table(const struct blocks *blocks, size_t i)
{
	const struct word *word = blocks->words + blocks->first[i];
	size_t w, n = blocks->first[i + 1] - blocks->first[i];
	const struct stack *maker;

	if (n < 2 || block_member(blocks, i)->type)
		return false;
	maker = block_member(blocks, word->edge.to)->stack;
	for (w = 0; w < n; w++) {
		size_t to = word[w].edge.to;

		if (word[w].edge.offset != (int64_t)(8 * w) ||
		    !word_is_exact(&word[w]) ||
		    (w && to == word[w - 1].edge.to) ||
		    block_member(blocks, to)->stack != maker)
			return false;
	}
	return block_member(blocks, i)->stack != maker;
}

/* The holder's only way to own it is a pointer that nobody shares. */
static bool is_unique(const struct blocks *blocks, size_t holder, size_t i)
{
	size_t w;

	for (w = blocks->first[holder]; w < blocks->first[holder + 1]; w++) {
		const struct edge *edge = &blocks->words[w].edge;

		if (edge->to == i && edge->ownership == OWN_UNIQUE)
			return true;
	}
	return false;
}

/* A container's buffer may lead back: the holder contains itself. */
static bool is_held_storage(const struct blocks *blocks, size_t holder,
			    size_t i)
{
	bool array = is_array(block_member(blocks, i));
	bool unique = is_unique(blocks, holder, i);

	if (block_leads_to(blocks, i, holder))
		return array && unique;
	return array || is_table(blocks, i) ||
	       (unique && !block_is_virtual(blocks, i));
}

static void singles_find(struct search *search)
{
	struct blocks *blocks = search->blocks;
	size_t i, holder;

	for (i = 0; i < blocks->n; i++) {
		holder = search->holder[i];
		if (holder == NOBODY || !is_free(blocks, i))
			continue;
		if (is_held_storage(blocks, holder, i)) {
			blocks->owner[i] = holder;
		} else if (private_is(blocks, holder, i)) {
			blocks->owner[i] = holder;
			blocks->is_private[i] = true;
		}
	}
}

/* The one object that points at each block, itself or by its parts; NOBODY
 * where there are several. */
static const size_t *objects_hold(struct blocks *blocks)
{
	size_t *holder = blocks_take(blocks, blocks->n, sizeof(size_t));
	size_t *words = blocks_take(blocks, blocks->n, sizeof(size_t));
	bool *several = blocks_take(blocks, blocks->n, sizeof(bool));
	size_t i, w;

	for (i = 0; i < blocks->n; i++)
		holder[i] = NOBODY;
	for (w = 0; w < blocks->words_n; w++) {
		const struct edge *edge = &blocks->words[w].edge;
		size_t from = blocks->owner[edge->from];

		words[edge->to]++;
		if (from == edge->to)
			continue;
		several[edge->to] |=
			holder[edge->to] != NOBODY && holder[edge->to] != from;
		holder[edge->to] = from;
	}
	for (i = 0; i < blocks->n; i++)
		if (several[i] || block_member(blocks, i)->in_degree > words[i])
			holder[i] = NOBODY;
	return holder;
}

/* A deque's buffers, at which it points itself and by its table. */
static void buffers_find(struct blocks *blocks)
{
	const size_t *holder = objects_hold(blocks);
	size_t i;

	for (i = 0; i < blocks->n; i++)
		if (holder[i] != NOBODY && is_free(blocks, i) &&
		    is_array(block_member(blocks, i)) &&
		    !block_leads_to(blocks, i, holder[i]))
			blocks->owner[i] = holder[i];
}

/* Of parts of parts the object is the owner. What goes round belongs to nobody,
 * and stays an object. */
static void owners_settle(struct blocks *blocks)
{
	size_t *owner = blocks_take(blocks, blocks->n, sizeof(size_t));
	size_t i, at, steps;

	for (i = 0; i < blocks->n; i++) {
		at = i;
		for (steps = 0; blocks->owner[at] != at; steps++) {
			if (steps > blocks->n) {
				at = i;
				break;
			}
			at = blocks->owner[at];
		}
		owner[i] = at;
	}
	for (i = 0; i < blocks->n; i++)
		if (owner[owner[i]] != owner[i])
			owner[i] = i;
	blocks->owner = owner;
}

/* Words inside of one object are no references: from an object into its parts,
 * between parts, and back by the end of a list, or by a private half. */
static void insides_mark(struct blocks *blocks)
{
	size_t w;

	for (w = 0; w < blocks->words_n; w++) {
		struct word *word = &blocks->words[w];
		size_t from = word->edge.from, to = word->edge.to;

		if (word->role != WORD_PLAIN ||
		    blocks->owner[from] != blocks->owner[to])
			continue;
		if (block_is_part(blocks, to))
			word->role = WORD_INSIDE;
		else if (block_is_part(blocks, from) &&
			 (is_sentinel(blocks, word) ||
			  (blocks->is_private[from] &&
			   word->edge.ownership != OWN_COUNTED)))
			word->role = WORD_INSIDE;
	}
}

/* What its runtime told to be a part. */
static void given_take(struct blocks *blocks)
{
	size_t i;

	for (i = 0; i < blocks->n; i++)
		if (block_member(blocks, i)->is_told_part)
			blocks->owner[i] =
				(size_t)block_member(blocks, i)->part_of;
}

void parts_find(struct blocks *blocks)
{
	struct search search = {.blocks = blocks};

	given_take(blocks);
	search.group = blocks_take(blocks, blocks->n, sizeof(size_t));
	search.candidate = blocks_take(blocks, blocks->n, sizeof(bool));
	insides_find(&search);
	storage_find(&search);
	search.holder = blocks_holders(blocks);
	singles_find(&search);
	owners_settle(blocks);
	buffers_find(blocks);
	insides_mark(blocks);
}
