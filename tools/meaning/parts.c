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
#include "meaning/blocks.h"
#include "meaning/groups.h"
#include "meaning/parts.h"
#include "meaning/private.h"
#include "meaning/sentinel.h"
#include "model/model.h"
#include "model/type.h"

static bool is_array(const struct member *member)
{
	return member->shape && member->shape->kind == TYPE_ARRAY;
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

/* Whether a word is the first of three, to the beginning, the used end and the
 * end of a block: a container's buffer, as a vector has it. */
static bool is_begin(const struct blocks *blocks, const struct word *word,
		     size_t left)
{
	const struct edge *begin = &word[0].edge, *used, *end;
	uint64_t size = block_member(blocks, begin->to)->size;

	if (left < 3 || !word_is_exact(word))
		return false;
	used = &word[1].edge;
	end = &word[2].edge;
	return used->to == begin->to && end->to == begin->to &&
	       used->offset == begin->offset + 8 &&
	       end->offset == begin->offset + 16 && used->into &&
	       used->into <= end->into && end->into == size;
}

static bool is_buffer(const struct blocks *blocks, size_t holder, size_t i)
{
	size_t w, end = blocks->first[holder + 1];

	for (w = blocks->first[holder]; w < end; w++)
		if (blocks->words[w].edge.to == i &&
		    is_begin(blocks, &blocks->words[w], end - w))
			return true;
	return false;
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

	if (is_buffer(blocks, holder, i))
		return true;
	if (block_leads_to(blocks, i, holder))
		return array && unique;
	return array || is_table(blocks, i) ||
	       (unique && !block_is_virtual(blocks, i));
}

static void singles_find(struct blocks *blocks)
{
	const size_t *holders = blocks_holders(blocks, false);
	size_t i, holder;

	for (i = 0; i < blocks->n; i++) {
		holder = holders[i];
		if (holder == NOBODY || !block_is_free(blocks, i))
			continue;
		if (is_held_storage(blocks, holder, i)) {
			blocks->owner[i] = holder;
		} else if (private_is(blocks, holder, i)) {
			blocks->owner[i] = holder;
			blocks->is_private[i] = true;
		}
	}
}

/* A deque's buffers, at which it points itself and by its table. They may lead
 * back: the holder contains itself. */
static void buffers_find(struct blocks *blocks)
{
	const size_t *holder = blocks_holders(blocks, true);
	size_t i;

	for (i = 0; i < blocks->n; i++)
		if (holder[i] != NOBODY && block_is_free(blocks, i) &&
		    is_array(block_member(blocks, i)) &&
		    (is_unique(blocks, holder[i], i) ||
		     !block_leads_to(blocks, i, holder[i])))
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
			 (word_is_sentinel(blocks, word) ||
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
	given_take(blocks);
	groups_find(blocks);
	singles_find(blocks);
	owners_settle(blocks);
	buffers_find(blocks);
	owners_settle(blocks);
	insides_mark(blocks);
}
