/*
 * See undecided.h.
 */
#include "meaning/blocks.h"
#include "meaning/smart.h"
#include "meaning/undecided.h"
#include "model/model.h"

static bool is_own(const struct blocks *blocks, const struct edge *edge)
{
	return blocks->owner[edge->from] == blocks->owner[edge->to];
}

/* Whether it is known of a word to be a shared or a weak pointer. Of the
 * object's own only the type tells: one that keeps itself alive has the same
 * words. */
static bool is_known(const struct blocks *blocks, const struct word *word)
{
	const struct edge *edge = &word->edge;

	if (is_own(blocks, edge) && !edge->smart)
		return false;
	return edge->ownership == OWN_COUNTED || edge->ownership == OWN_WEAK;
}

/* Whether it is a reference: the address of what counts. What that leads to
 * itself is its object. */
static bool is_reference(const struct blocks *blocks, const struct word *word)
{
	return (blocks->is_control[word->edge.to] ||
		block_member(blocks, word->edge.to)->undecided) &&
	       word_is_exact(word) && word->role != WORD_INSIDE;
}

/* References to a block, as far as they are words of the sample. */
struct references {
	uint64_t shared;
	bool is_odd; /* one of the object itself is shared, or another weak */
};

static struct references *references_count(struct blocks *blocks)
{
	struct references *all = blocks_take(blocks, blocks->n, sizeof(*all));
	size_t w;

	for (w = 0; w < blocks->words_n; w++) {
		const struct word *word = &blocks->words[w];
		const struct edge *edge = &word->edge;
		bool is_shared;

		if (!is_reference(blocks, word))
			continue;
		if (word->role == WORD_SECOND)
			word--;
		blocks->finding->is_live |= !is_known(blocks, word);
		is_shared = word->edge.ownership == OWN_COUNTED;
		all[edge->to].shared += is_shared;
		all[edge->to].is_odd |= is_shared == is_own(blocks, edge);
	}
	return all;
}

/* Whether all shared pointers are inside: then those outside are weak. Where it
 * is not told how many there are, they are as many as the words inside that are
 * not the object's own. */
static bool are_all(const struct blocks *blocks, size_t i,
		    const struct references *references)
{
	uint64_t uses = blocks->is_control[i]
				? control_uses(block_member(blocks, i))
				: 0;

	return uses ? references->shared == uses : !references->is_odd;
}

void undecided_look(struct blocks *blocks)
{
	struct finding *finding = blocks->finding;
	const struct references *references;
	size_t i;

	if (!finding->undecided)
		return;
	references = references_count(blocks);
	for (i = 0; i < blocks->n; i++)
		finding->is_live |= !are_all(blocks, i, &references[i]);
}

void undecided_settle(struct finding *finding)
{
	if (!finding->undecided)
		return;
	finding->is_live |= finding->kind != KIND_CYCLE ||
			    finding->cause != CAUSE_CYCLE ||
			    finding->members_n < finding->members_total;
	if (!finding->is_live)
		finding->confidence = CERTAIN;
}

/* What is nested is named by its id. */
static void nested_drop(struct report *report, struct finding *finding)
{
	struct finding *inner;
	size_t i, n = 0;

	for (i = 0; i < finding->nested_n; i++) {
		HASH_FIND_STR(report->findings, finding->nested[i], inner);
		if (!inner || !inner->is_live)
			finding->nested[n++] = finding->nested[i];
	}
	finding->nested_n = n;
}

void undecided_drop(struct report *report)
{
	struct finding *finding, *next;

	for (finding = report->findings; finding; finding = finding->hh.next)
		nested_drop(report, finding);
	for (finding = report->findings; finding; finding = next) {
		next = finding->hh.next;
		if (finding->is_live)
			HASH_DELETE(hh, report->findings, finding);
	}
}
