/*
 * See smart.h. The layouts are those of libstdc++, libc++ and Boost: a table of
 * virtual functions, counts, then the pointer to the object, or, where both
 * were made by one call, the object itself.
 */
#include <stdlib.h>
#include <string.h>

#include "meaning/blocks.h"
#include "meaning/smart.h"
#include "model/model.h"

/* As they stand in mangled and in plain names. */
static const char *const control_names[] = {
	"_Sp_counted_",				    /* libstdc++ */
	"__shared_ptr_pointer",			    /* libc++ */
	"__shared_ptr_emplace", "sp_counted_impl_", /* Boost */
};

static bool is_control_name(const char *name)
{
	size_t i, n = sizeof(control_names) / sizeof(*control_names);

	for (i = 0; name && i < n; i++)
		if (strstr(name, control_names[i]))
			return true;
	return false;
}

static bool counts_for_object(const struct blocks *blocks, size_t i)
{
	const struct member *member = block_member(blocks, i);

	/* A type that is not the class's own name: what it holds. */
	return is_control_name(member->rtti) ||
	       (member->type_from <= TYPE_FROM_VTABLE &&
		is_control_name(member->type));
}

/* What the block holds: its first word that leads to another; or itself. */
static size_t control_object(const struct blocks *blocks, size_t i)
{
	size_t w;

	for (w = blocks->first[i]; w < blocks->first[i + 1]; w++) {
		const struct word *word = &blocks->words[w];

		if (word->edge.to != i && !edge_is_weak(&word->edge))
			return word->edge.to;
	}
	return i;
}

/* Of those that hold the object in themselves nothing more is said: their words
 * are the object's. */
static bool is_in_place(const struct member *member)
{
	const char *name = member->rtti ? member->rtti : member->type;

	return name && (strstr(name, "_Sp_counted_ptr_inplace") ||
			strstr(name, "__shared_ptr_emplace") ||
			strstr(name, "sp_ms_deleter"));
}

void controls_find(struct blocks *blocks)
{
	size_t i, w, object;

	for (i = 0; i < blocks->n; i++) {
		if (!counts_for_object(blocks, i))
			continue;
		blocks->is_control[i] = true;
		if (is_in_place(block_member(blocks, i)))
			continue;
		object = control_object(blocks, i);
		blocks->owner[i] = object;
	}
	/* Two that hold each other are no parts. */
	for (i = 0; i < blocks->n; i++)
		if (blocks->owner[blocks->owner[i]] != blocks->owner[i])
			blocks->owner[i] = i;
	for (w = 0; w < blocks->words_n; w++) {
		struct word *word = &blocks->words[w];

		if (block_is_part(blocks, word->edge.from) &&
		    blocks->owner[word->edge.from] == word->edge.to)
			word->role = WORD_INSIDE;
	}
}

/* Whether the two words are a pointer and what counts for its object. */
static bool is_pair(const struct blocks *blocks, const struct word *first,
		    const struct word *second)
{
	size_t control = second->edge.to;

	return second->edge.offset == first->edge.offset + 8 &&
	       blocks->is_control[control] && word_is_exact(second) &&
	       blocks->owner[control] == blocks->owner[first->edge.to] &&
	       (block_is_part(blocks, control) || !word_is_exact(first));
}

/* Debug information names both words alike. */
static bool is_one_field(const struct blocks *blocks, const struct word *first,
			 const struct word *second)
{
	const char *a = first->edge.field, *b = second->edge.field;

	return a && b && first->edge.ownership != OWN_UNKNOWN &&
	       first->edge.ownership != OWN_BORROWED &&
	       second->edge.offset == first->edge.offset + 8 && !strcmp(a, b) &&
	       blocks->owner[first->edge.to] == blocks->owner[second->edge.to];
}

static void pair_join(const struct blocks *blocks, struct word *first,
		      struct word *second)
{
	second->role = WORD_SECOND;
	first->edge.is_pair = blocks->is_control[second->edge.to];
	if (first->edge.is_pair || edge_is_weak(&second->edge))
		first->edge.kind = second->edge.kind;
	first->edge.is_given |= second->edge.is_given;
	if (!first->edge.stack)
		first->edge.stack = second->edge.stack;
	if (first->edge.ownership == OWN_UNKNOWN)
		first->edge.ownership = second->edge.ownership;
	/* A std::function, say, owns the block that it leads to. What it has in
	 * itself is no block. */
	if (first->edge.is_pair && first->edge.ownership == OWN_UNIQUE)
		first->edge.ownership = OWN_UNKNOWN;
}

/* Whether it is a pointer of an object to itself, as enable_shared_from_this
 * has, which is weak. */
static bool is_own(const struct blocks *blocks, const struct word *word)
{
	return blocks->owner[word->edge.from] == blocks->owner[word->edge.to];
}

/* What a block counts: shared pointers to its object, and weak ones. */
struct counted {
	uint64_t shared, weak;
	uint64_t own;	     /* pairs of the object to itself */
	uint64_t own_judged; /* of these */
	bool known;
};

/* 0, too, where it is not told. */
static uint64_t count_at(const struct member *member, uint64_t offset)
{
	size_t i;

	for (i = 0; i < member->counts_n; i++)
		if (member->counts[i] == offset && member->count_values)
			return member->count_values[i];
	return 0;
}

/* libstdc++ and Boost count in 32 bits, and all shared pointers together as one
 * weak. libc++ counts in 64 bits, from 0 on. A count that is 0, or higher than
 * the number of words that lead there, is not told. */
static struct counted counted_by(const struct member *member)
{
	const char *name = member->rtti ? member->rtti : member->type;
	struct counted counted = {0};

	if (strstr(name ? name : "", "__shared_ptr_")) {
		counted.shared = count_at(member, 8) + 1;
		counted.weak = count_at(member, 16);
		counted.known = member->in_degree;
		return counted;
	}
	counted.shared = count_at(member, 8);
	counted.weak = count_at(member, 12);
	counted.known = counted.shared && counted.weak;
	counted.weak -= counted.known;
	return counted;
}

uint64_t control_uses(const struct member *member)
{
	struct counted counted = counted_by(member);

	return counted.known ? counted.shared : 0;
}

static bool is_alike(const struct member *a, const struct member *b)
{
	return a->stack == b->stack ||
	       (a->rtti && b->rtti && !strcmp(a->rtti, b->rtti));
}

/* The second word of a smart pointer, with the class of the block that has it:
 * the first member that is alike. */
struct pair {
	size_t control, class;
	struct word *second;
};

static int by_likeness(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int64_t p = x->second->edge.offset, q = y->second->edge.offset;

	if (x->control != y->control)
		return x->control < y->control ? -1 : 1;
	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	return p < q ? -1 : p > q;
}

static const size_t *classes_find(struct blocks *blocks)
{
	size_t *class = blocks_take(blocks, blocks->n, sizeof(size_t)), i, k;

	for (i = 0; i < blocks->n; i++) {
		k = 0;
		while (!is_alike(block_member(blocks, k),
				 block_member(blocks, i)))
			k++;
		class[i] = k;
	}
	return class;
}

/* Those alike, of one class at one offset, stand together. */
static struct pair *pairs_list(struct blocks *blocks, size_t *n)
{
	struct pair *pairs =
		blocks_take(blocks, blocks->words_n, sizeof(*pairs));
	const size_t *class = NULL;
	size_t w;

	for (*n = 0, w = 0; w < blocks->words_n; w++) {
		struct word *word = &blocks->words[w];

		if (word->role != WORD_SECOND ||
		    !blocks->is_control[word->edge.to])
			continue;
		if (!class)
			class = classes_find(blocks);
		pairs[(*n)++] = (struct pair){word->edge.to,
					      class[word->edge.from], word};
	}
	qsort(pairs, *n, sizeof(*pairs), by_likeness);
	return pairs;
}

/* What the block counts besides what its object has of itself. */
static struct counted *counted_list(struct blocks *blocks)
{
	struct counted *counted =
		blocks_take(blocks, blocks->n, sizeof(*counted));
	size_t i, w;

	for (i = 0; i < blocks->n; i++)
		if (blocks->is_control[i])
			counted[i] = counted_by(block_member(blocks, i));
	for (w = 1; w < blocks->words_n; w++) {
		const struct word *word = &blocks->words[w];

		if (word->role == WORD_SECOND && is_own(blocks, word - 1))
			counted[word->edge.to].own++;
	}
	return counted;
}

/* Of what an object has of itself as many are shared pointers as its block does
 * not count as weak. One weak pointer is that of enable_shared_from_this, which
 * comes first, since bases do. Of several nobody knows which they are. */
static enum ownership own_ownership(struct counted *counted)
{
	uint64_t weak = counted->weak;

	if (!counted->known || counted->own <= weak ||
	    counted->own - weak > counted->shared)
		return OWN_WEAK;
	if (weak > 1)
		return OWN_UNKNOWN;
	return counted->own_judged++ < weak ? OWN_WEAK : OWN_COUNTED;
}

/* A shared_ptr and a weak_ptr look alike. Which of them it is shows where one
 * of the two counts is too low for the `n` that are alike. */
static enum ownership pair_ownership(const struct blocks *blocks,
				     const struct word *first,
				     struct counted *counted, size_t n)
{
	uint64_t weak = counted->weak;

	if (is_own(blocks, first))
		return own_ownership(counted);
	if (!counted->known)
		return OWN_UNKNOWN;
	weak -= counted->own < weak ? counted->own : weak;
	if (n > weak)
		return OWN_COUNTED;
	return n > counted->shared ? OWN_WEAK : OWN_UNKNOWN;
}

static void pairs_own(struct blocks *blocks)
{
	size_t n, i, end;
	struct pair *pairs = pairs_list(blocks, &n);
	struct counted *counted = counted_list(blocks);

	for (i = 0; i < n; i = end) {
		for (end = i + 1;
		     end < n && !by_likeness(&pairs[i], &pairs[end]); end++)
			;
		for (size_t k = i; k < end; k++) {
			struct word *first = pairs[k].second - 1;

			if (first->edge.is_pair &&
			    first->edge.ownership == OWN_UNKNOWN)
				first->edge.ownership = pair_ownership(
					blocks, first,
					&counted[pairs[k].control], end - i);
		}
	}
}

void pairs_find(struct blocks *blocks)
{
	size_t w;

	for (w = 0; w + 1 < blocks->words_n; w++) {
		struct word *first = &blocks->words[w];
		struct word *second = first + 1;

		if (first->edge.from != second->edge.from ||
		    first->role != WORD_PLAIN || second->role != WORD_PLAIN)
			continue;
		if (is_pair(blocks, first, second) ||
		    is_one_field(blocks, first, second))
			pair_join(blocks, first, second);
	}
	pairs_own(blocks);
}
