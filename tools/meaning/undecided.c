/*
 * See undecided.h.
 */
#include "meaning/blocks.h"
#include "meaning/undecided.h"
#include "model/model.h"

/* Whether a word that leads to what counts is known to be a shared pointer, or,
 * by its type, the object's own weak one: one that keeps itself alive has the
 * same words. */
static bool is_counted(const struct blocks *blocks, const struct word *word)
{
	const struct edge *edge = &word->edge;

	if (blocks->owner[edge->from] == blocks->owner[edge->to])
		return edge->smart && edge->ownership == OWN_WEAK;
	return edge->ownership == OWN_COUNTED;
}

/* Whether it is a reference: the address of what counts. What that leads to
 * itself is its object. */
static bool is_reference(const struct blocks *blocks, const struct word *word)
{
	return (blocks->is_control[word->edge.to] ||
		block_member(blocks, word->edge.to)->undecided) &&
	       word_is_exact(word) && word->role != WORD_INSIDE;
}

void undecided_look(struct blocks *blocks)
{
	struct finding *finding = blocks->finding;
	size_t w;

	for (w = 0; finding->undecided && w < blocks->words_n; w++) {
		const struct word *word = &blocks->words[w];

		if (!is_reference(blocks, word))
			continue;
		if (word->role == WORD_SECOND)
			word--;
		finding->is_live |= !is_counted(blocks, word);
	}
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
