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

bool memo_rests(struct stack_memo *memo, const struct memo_frame *frame,
		const struct step *step)
{
	const struct memo_frame *outer =
		frame == memo->frame ? NULL : frame - 1;
	struct rule rule = step->rule;
	bool by_rbp = rule.kind == RULE_RBP || rule.kind == RULE_DEREF_RBP ||
		      rule.kind == RULE_FRAME_POINTER;
	uintptr_t cfa;

	if (!outer || rule_ends(rule))
		return by_rbp;
	cfa = outer->slot + 8;
	if (rule_derefs(rule))
		add_word(memo, frame,
			 rule_base(rule, step->slot + 8, step->rbp),
			 cfa - rule.extra * 8);
	if (!outer->needs_rbp)
		return by_rbp || rule.rbp_kind == RBP_AT_RBP;
	if (rule.rbp_kind == RBP_AT_CFA || rule.rbp_kind == RBP_AT_RBP)
		add_word(memo, frame, rule_rbp_at(rule, cfa, step->rbp),
			 outer->rbp);
	return by_rbp || rule.rbp_kind == RBP_SAME ||
	       rule.rbp_kind == RBP_AT_RBP;
}
