/*
 * See memo.h. This file has what most allocations do not need.
 */
#include "base/arena.h"
#include "stack/cfi.h"
#include "stack/depot.h"
#include "stack/memo.h"
#include "stack/rule.h"
#include "stack/walk.h"

#define MASK(bits, shift) (((1ul << (bits)) - 1) << (shift))

static const uintptr_t nothing; /* a word that is always there and always 0 */

/* Entries that are elsewhere stay true, and are found again as the tables
 * grow. */
static void use_few(struct stack_memo *memo)
{
	memo->place_mask = MASK(MEMO_PLACE_FIRST, MEMO_PLACE_SHIFT);
	memo->child_mask = MASK(MEMO_CHILD_FIRST, MEMO_CHILD_SHIFT);
	memo->places = memo->children = 0;
}

struct stack_memo *memo_new(void)
{
	struct stack_memo *memo = arena_map(sizeof(struct stack_memo));

	if (!memo)
		return NULL;
	use_few(memo);
	memo->frame[0].slot = UINTPTR_MAX;
	for (size_t i = 1; i <= MEMO_NONE; i++)
		memo->frame[i].slot = (uintptr_t)&nothing;
	return memo;
}

void memo_free(struct stack_memo *memo)
{
	arena_unmap(memo, sizeof(*memo));
}

void memo_bounds(struct stack_memo *memo, uintptr_t low, uintptr_t high)
{
	memo->n = memo->sound = 0;
	memo->low = low;
	memo->high = high;
	memo->room = high > low ? (high & ~7ul) - low : 0;
}

struct memo_counts memo_counts(const struct stack_memo *memo)
{
	return memo->counts;
}

void memo_forked(struct stack_memo *memo)
{
	memo->counts = (struct memo_counts){0};
	memo->place_most |= memo->place_mask;
	memo->child_most |= memo->child_mask;
	use_few(memo);
}

/* Makes the entry match no address: 0 is looked up in the first entry, 1
 * elsewhere. */
static void place_clear(struct stack_memo *memo, struct memo_place *place)
{
	place->address = place == memo->place;
}

void memo_renew(struct stack_memo *memo, uint64_t age)
{
	bool is_new = !memo->age; /* zeroed pages: leave them alone */
	uint64_t places = memo->place_mask | memo->place_most;
	uint64_t children = memo->child_mask | memo->child_most;
	size_t i;

	memo->n = memo->sound = 0;
	memo->age = age;
	for (i = 0; !is_new && i <= children >> MEMO_CHILD_SHIFT; i++)
		memo->child[i].pc = 0;
	for (i = 0; i <= (is_new ? 0 : places >> MEMO_PLACE_SHIFT); i++)
		place_clear(memo, &memo->place[i]);
}

/* Half of the entries are taken, as far as is known: from now on there are four
 * times as many. An entry that now belongs elsewhere is made again. */
static void grow(uint64_t *mask, uint32_t *made, uint64_t most)
{
	uint64_t unit = *mask & -*mask;

	if (*mask < most && ++*made > *mask / unit / 2)
		*mask = (*mask << 2 | unit * 3) & most;
}

void memo_learn(struct stack_memo *memo, struct memo_place *place,
		uintptr_t address, struct rule rule)
{
	bool plain =
		rule.kind == RULE_RSP && rule.cfa > 0 &&
		(rule.rbp_kind == RBP_SAME || rule.rbp_kind == RBP_AT_CFA) &&
		rule.module != rule_self_module;

	place_clear(memo, place); /* a handler may leave here by longjmp */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	place->rule = rule;
	place->stride = plain ? rule.cfa * 8 : 0;
	place->rbp = rule.rbp_kind == RBP_AT_CFA ? 8 + rule.rbp * 8 : 0;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	place->address = address;
	grow(&memo->place_mask, &memo->places,
	     MASK(MEMO_PLACE_BITS, MEMO_PLACE_SHIFT));
}

static void fill(struct stack_memo *memo, struct memo_child *child,
		 struct memo_child with)
{
	child->pc = 0; /* a handler may leave here by longjmp */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	child->parent = with.parent;
	child->id = with.id;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	child->pc = with.pc;
	grow(&memo->child_mask, &memo->children,
	     MASK(MEMO_CHILD_BITS, MEMO_CHILD_SHIFT));
}

void memo_child_remember(struct stack_memo *memo, uint32_t parent, uint64_t pc,
			 uint32_t id)
{
	fill(memo, memo_child_at(memo, parent, pc),
	     (struct memo_child){pc, parent, id});
}

uint32_t memo_child_new(struct stack_memo *memo, struct memo_child *child,
			uint32_t parent, const struct step *step)
{
	uint32_t id = depot_child(parent, step->pc, step->rule.module);

	fill(memo, child, (struct memo_child){step->pc, parent, id});
	return id;
}

/* The first of the other words that has changed; with the number of them up to
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

const struct memo_frame *memo_intact(const struct stack_memo *memo,
				     const struct memo_frame *frame)
{
	const struct memo_frame *good = &memo->frame[MEMO_NONE];

	while (good < frame && !memo_change(good + 1))
		good++;
	return good;
}

static void add_other(struct stack_memo *memo, struct memo_frame *frame,
		      uintptr_t at, uintptr_t value)
{
	memo->other[others(frame)] = (struct memo_word){at, value};
	frame->rest++;
}

/* Notes the words on which the step out from this frame rested. The outer
 * frames are in place. */
__attribute__((no_sanitize("address"))) static void
rests(struct stack_memo *memo, struct memo_frame *frame,
      const struct step *step)
{
	const struct memo_frame *outer = frame - 1;
	struct rule rule = step->rule;
	bool needs_rbp = rule_needs_rbp(rule);
	uintptr_t cfa = outer->slot + 8;

	frame->rbp = memo_covers(memo, step->rbp_at)
			     ? *(const uintptr_t *)step->rbp_at
			     : 0;
	if (outer != &memo->frame[MEMO_NONE] && !rule_ends(rule)) {
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

uint32_t memo_take(struct stack_memo *memo, const struct memo_frame *joined,
		   const struct step *first, const struct step *step,
		   size_t loose)
{
	struct memo_frame *frame = &memo->frame[joined - memo->frame];
	uint32_t id = frame->id;

	memo->sound = 0; /* a handler may leave here by longjmp */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	while (step-- != first) {
		frame++;
		id = memo_put(memo, frame, step, id, others(frame - 1));
		if ((size_t)(step - first) >= loose &&
		    (step->rule.kind != RULE_RSP || frame[-1].rest & MEMO_RBP))
			rests(memo, frame, step);
	}
	return memo_end(memo, frame, loose, id);
}
