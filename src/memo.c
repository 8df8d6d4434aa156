/*
 * See memo.h: what does not happen at most allocations.
 */
#include "arena.h"
#include "memo.h"

struct stack_memo *stack_memo_new(void)
{
	return arena_map(sizeof(struct stack_memo));
}

void stack_memo_free(struct stack_memo *memo)
{
	arena_unmap(memo, sizeof(*memo));
}

static const uintptr_t nothing; /* always there, and always 0 */

void memo_renew(struct stack_memo *memo, uintptr_t low, uintptr_t high,
		uint64_t age)
{
	bool is_new = !memo->age; /* zeroed pages: leave them alone */
	size_t i;

	memo->n = memo->sound = 0;
	memo->word[0].at = UINTPTR_MAX;
	for (i = 1; i <= MEMO_NONE; i++)
		memo->word[i].at = (uintptr_t)&nothing;
	memo->low = low;
	memo->high = high;
	memo->room = high > low ? (high & ~7ul) - low : 0;
	if (memo->age == age)
		return;
	memo->age = age;
	for (i = 0; !is_new && i < 1 << MEMO_CHILD_BITS; i++)
		memo->child[i].pc = 0;
	for (i = 0; !is_new && i < 1 << MEMO_PLACE_BITS; i++)
		memo->place[i].address = 0;
}

void memo_learn(struct memo_place *place, uintptr_t address, struct rule rule)
{
	bool plain =
		rule.kind == RULE_RSP && rule.cfa > 0 &&
		(rule.rbp_kind == RBP_SAME || rule.rbp_kind == RBP_AT_CFA) &&
		rule.module != walk_self_module;

	place->address = 0; /* a handler may leave here by longjmp */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	place->rule = rule;
	place->stride = plain ? rule.cfa * 8 : 0;
	place->rbp = rule.rbp_kind == RBP_AT_CFA ? 8 + rule.rbp * 8 : 0;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	place->address = address;
}

/* The first of the other words that has changed, and how many there are up to
 * this frame. */
static size_t others_intact(const struct stack_memo *memo, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (memo_difference(memo->other[i].at, memo->other[i].value))
			break;
	return i;
}

static size_t others(const struct memo_frame *frame)
{
	return frame->rest & ~MEMO_RBP;
}

bool memo_rest_holds(const struct stack_memo *memo,
		     const struct memo_frame *frame, uintptr_t rbp_at)
{
	size_t n = others(frame);

	if (frame->rest & MEMO_RBP &&
	    (!memo_covers(memo, rbp_at) || memo_difference(rbp_at, frame->rbp)))
		return false;
	return others_intact(memo, n) == n;
}

const struct memo_word *memo_intact(const struct stack_memo *memo,
				    const struct memo_word *word)
{
	const struct memo_word *good = &memo->word[MEMO_NONE];

	while (good < word && !memo_difference(good[1].at, good[1].value))
		good++;
	return good;
}

static void add_other(struct stack_memo *memo, struct memo_frame *frame,
		      uintptr_t at, uintptr_t value)
{
	memo->other[others(frame)] = (struct memo_word){at, value};
	frame->rest++;
}

/* Notes what the step out from this frame rested on, the outer ones being in
 * place. */
__attribute__((no_sanitize("address"))) static void
rests(struct stack_memo *memo, size_t at, const struct step *step)
{
	struct memo_frame *frame = &memo->frame[at], *outer = frame - 1;
	struct rule rule = step->rule;
	bool needs_rbp = rule_needs_rbp(rule);
	uintptr_t cfa = memo->word[at - 1].at + 8;

	frame->rbp = memo_covers(memo, step->rbp_at)
			     ? *(const uintptr_t *)step->rbp_at
			     : 0;
	if (at - 1 != MEMO_NONE && !rule_ends(rule)) {
		if (rule_derefs(rule))
			add_other(memo, frame,
				  rule_base(rule, step->slot + 8, frame->rbp),
				  cfa - rule.extra * 8);
		if (outer->rest & MEMO_RBP) {
			if (rule.rbp_kind == RBP_AT_CFA ||
			    rule.rbp_kind == RBP_AT_RBP)
				add_other(memo, frame,
					  rule_rbp_at(rule, cfa, frame->rbp),
					  outer->rbp);
			needs_rbp |= rule.rbp_kind == RBP_SAME ||
				     rule.rbp_kind == RBP_AT_RBP;
		}
	}
	if (needs_rbp)
		frame->rest |= MEMO_RBP;
}

uint32_t memo_take(struct stack_memo *memo, const struct memo_word *joined,
		   const struct step *first, const struct step *step,
		   size_t loose)
{
	size_t at = joined - memo->word;
	uint32_t id = memo->frame[at].id;

	memo->sound = 0; /* a handler may leave here by longjmp */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	while (step-- != first) {
		at++;
		id = memo_child(memo, id, step);
		memo->word[at] = (struct memo_word){step->slot, step->pc + 1};
		memo->frame[at].id = id;
		memo->frame[at].rest = others(&memo->frame[at - 1]);
		if ((size_t)(step - first) >= loose &&
		    (step->rule.kind != RULE_RSP ||
		     memo->frame[at - 1].rest & MEMO_RBP))
			rests(memo, at, step);
	}
	return memo_end(memo, at - MEMO_NONE, loose, id);
}
