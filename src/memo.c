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

void memo_renew(struct stack_memo *memo, uintptr_t low, uintptr_t high,
		uint64_t age)
{
	bool is_new = !memo->age; /* zeroed pages: leave them alone */

	memo->n = memo->sound = memo->words = 0;
	memo->low = low;
	memo->high = high;
	memo->room = high > low ? (high & ~7ul) - low : 0;
	if (memo->age == age)
		return;
	memo->age = age;
	for (size_t i = 0; !is_new && i < 1 << MEMO_CHILD_BITS; i++)
		memo->child[i].pc = 0;
}

static void add_word(struct stack_memo *memo, const struct memo_frame *frame,
		     uintptr_t at, uintptr_t value)
{
	memo->word[memo->words++] =
		(struct memo_word){at, value, frame - memo->frame};
}

__attribute__((no_sanitize("address"))) bool
memo_rests(struct stack_memo *memo, struct memo_frame *frame,
	   const struct step *step)
{
	const struct memo_frame *outer =
		frame == memo->frame ? NULL : frame - 1;
	struct rule rule = step->rule;
	bool needs_rbp = rule_needs_rbp(rule);
	uintptr_t cfa;

	frame->rbp = memo_covers(memo, step->rbp_at)
			     ? *(const uintptr_t *)step->rbp_at
			     : 0;
	if (!outer || rule_ends(rule))
		return needs_rbp;
	cfa = outer->slot + 8;
	if (rule_derefs(rule))
		add_word(memo, frame,
			 rule_base(rule, step->slot + 8, frame->rbp),
			 cfa - rule.extra * 8);
	if (!outer->needs_rbp)
		return needs_rbp;
	if (rule.rbp_kind == RBP_AT_CFA || rule.rbp_kind == RBP_AT_RBP)
		add_word(memo, frame, rule_rbp_at(rule, cfa, frame->rbp),
			 outer->rbp);
	return needs_rbp || rule.rbp_kind == RBP_SAME ||
	       rule.rbp_kind == RBP_AT_RBP;
}
