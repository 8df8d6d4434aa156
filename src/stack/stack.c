/*
 * Captures allocation stacks. It steps outwards from the hook's caller with
 * cached rules until it meets a frame of the thread's last stack. What is new
 * is interned in the depot, outermost frame first. Each thread runs this inside
 * the guard, on the program's stack, which may be small: the frames are kept in
 * the thread's memo. No lock but module's, for a new address. libunwind is
 * asked only where rules do not help.
 */
#include "base/likely.h"
#include "stack/cfi.h"
#include "stack/depot.h"
#include "stack/depot_node.h"
#include "stack/memo.h"
#include "stack/module.h"
#include "stack/python_code.h"
#include "stack/rule.h"
#include "stack/stack.h"
#include "stack/unwind.h"
#include "stack/walk.h"

#define FRAMES_SMALL 32 /* for a thread without a memo */

bool stack_is_own(uintptr_t pc)
{
	return rule_find(pc).module == rule_self_module;
}

/* Replaces the walk's frames by libunwind's, when libunwind has more. */
static void walk_replace(const uintptr_t *pcs, size_t n, void *data)
{
	struct walk *w = data;

	for (; n && stack_is_own(*pcs); n--)
		pcs++;
	if (n <= w->n) {
		if (n && w->n)
			rule_set_hopeless(w->steps[w->n - 1].pc);
		return;
	}
	for (w->n = 0; w->n < n; w->n++)
		w->steps[w->n] = (struct step){
			.pc = pcs[w->n],
			.rule = rule_find(pcs[w->n]),
		};
	w->loose = n;
}

/* Asks libunwind. On a stack whose bounds are unknown it might read beyond the
 * end. */
static void walk_again(struct walk *w, const void *frame,
		       struct stack_memo *memo)
{
	uintptr_t here = (uintptr_t)frame;

	memo->counts.fallbacks++;
	if (here >= w->thread_low && here < w->thread_high)
		unwind_walk(frame, walk_replace, w);
}

static bool stopped; /* stack_stop() was called: no thread has a memo */

static __attribute__((noinline)) uint32_t capture_small(const void *frame)
{
	struct step steps[FRAMES_SMALL];
	struct walk w = {.steps = steps, .max = FRAMES_SMALL};
	uint32_t id = 0;

	if (stopped)
		return 0;
	walk_begin(&w, frame, 0, 0);
	walk_run(&w);
	while (w.n--)
		id = depot_child(id, w.steps[w.n].pc, w.steps[w.n].rule.module);
	return id;
}

/* Walks the whole stack, whatever frames it has. */
static __attribute__((noinline)) uint32_t capture_whole(const void *frame,
							struct stack_memo *memo)
{
	struct walk w = {.steps = memo->step, .max = FRAMES_MAX};

	memo->counts.walks++;
	walk_begin(&w, frame, memo->low, memo->high);
	if (!walk_run(&w))
		walk_again(&w, frame, memo);
	memo->least = w.n == FRAMES_MAX ? FRAMES_MAX / 2 : 0;
	return memo_take(memo, &memo->frame[MEMO_NONE], w.steps, w.steps + w.n,
			 walk_is_own_stack(&w) ? w.loose : w.n);
}

/* The CFA by a rule that does not go by rsp; CFA_END where the stack ends. */
#define CFA_END 1
#define CFA_FAILED 2
static __attribute__((no_sanitize("address"))) uintptr_t
cfa_otherwise(const struct stack_memo *memo, const struct step *step)
{
	struct rule rule = step->rule;
	bool by_rbp = rule_needs_rbp(rule);
	uintptr_t cfa;

	if (rule_ends(rule))
		return CFA_END;
	if (rule.kind == RULE_UNKNOWN || rule.kind == RULE_SIGNAL ||
	    (by_rbp && !memo_covers(memo, step->rbp_at)))
		return CFA_FAILED;
	cfa = rule_base(rule, step->slot + 8,
			by_rbp ? *(const uintptr_t *)step->rbp_at : 0);
	if (rule_derefs(rule)) {
		if (!memo_covers(memo, cfa))
			return CFA_FAILED;
		cfa = *(const uintptr_t *)cfa + rule.extra * 8;
	}
	return cfa % 8 ? CFA_FAILED : cfa;
}

/* Where the caller's rbp was saved; 0: nowhere. */
static __attribute__((no_sanitize("address"))) uintptr_t
rbp_otherwise(const struct stack_memo *memo, const struct step *step,
	      uintptr_t cfa)
{
	struct rule rule = step->rule;

	if (rule.rbp_kind == RBP_SAME)
		return step->rbp_at;
	if (rule.rbp_kind == RBP_AT_CFA)
		return rule_rbp_at(rule, cfa, 0);
	if (rule.rbp_kind == RBP_LOST || !memo_covers(memo, step->rbp_at))
		return 0;
	return rule_rbp_at(rule, 0, *(const uintptr_t *)step->rbp_at);
}

/* The next slot, and where the rbp of its frame was saved; or an answer of
 * cfa_otherwise(). */
static __attribute__((noinline)) uintptr_t
next_otherwise(const struct stack_memo *memo, const struct step *step,
	       uintptr_t *rbp_at)
{
	uintptr_t cfa = cfa_otherwise(memo, step);

	if (cfa <= CFA_FAILED)
		return cfa;
	*rbp_at = rbp_otherwise(memo, step, cfa);
	return cfa < step->slot + 16 ? CFA_FAILED : cfa - 8;
}

static bool is_ours(const struct step *step)
{
	return step->rule.module == rule_self_module;
}

/*
 * The common case: the thread is on its own stack, every rule helps, and the
 * walk meets a frame of the last stack. MEMO_REFUSED when this is not so.
 */
static inline __attribute__((always_inline, no_sanitize("address"))) uint32_t
capture_joined(const void *frame, struct stack_memo *memo, uint64_t age)
{
	const struct memo_frame *none = &memo->frame[MEMO_NONE];
	const struct memo_frame *outer = none + memo->sound;
	uintptr_t slot = (uintptr_t)frame + 8, rbp_at = (uintptr_t)frame;
	struct step *step = memo->step, *first = step;
	struct memo_place *place;
	uintptr_t address;
	bool plain = true;

	if (unlikely(slot - memo->low >= memo->room))
		return MEMO_REFUSED;
	while (!memo_joins(memo, &outer, slot, rbp_at)) {
		address = *(const uintptr_t *)slot;
		place = memo_place(memo, address);
		if (unlikely(place->address != address)) {
			if (unlikely(address - 1 >= PC_MAX)) {
				if (address)
					return MEMO_REFUSED;
				memo->counts.walks++;
				outer = none; /* the outermost returns to 0 */
				break;
			}
			memo_learn(memo, place, address,
				   rule_find_aged(address - 1, age));
		}
		*step = (struct step){address - 1, slot, rbp_at, place->rule};
		if (likely(place->stride)) {
			slot += place->stride;
			if (place->rbp)
				rbp_at = slot + place->rbp;
			step++;
		} else {
			slot = next_otherwise(memo, step, &rbp_at);
			step += step != first || !is_ours(step);
			plain = false;
		}
		if (unlikely(slot - memo->low >= memo->room)) {
			if (slot != CFA_END)
				return MEMO_REFUSED;
			memo->counts.walks++;
			outer = none;
			break;
		}
		if (unlikely(step == first + FRAMES_MAX))
			return MEMO_REFUSED;
	}
	if (unlikely(!plain || outer->rest & MEMO_RBP))
		return memo_take(memo, outer, first, step, 0);
	return memo_take_plain(memo, outer, first, step);
}

uint32_t stack_capture(const void *frame, struct stack_memo *memo)
{
	uint64_t age = rule_age();
	uint32_t id;

	if (unlikely(!memo))
		return capture_small(frame);
	if (unlikely(memo->age != age))
		memo_renew(memo, age);
	id = capture_joined(frame, memo, age);
	return likely(id != MEMO_REFUSED) ? id : capture_whole(frame, memo);
}

size_t stack_last(const struct stack_memo *memo, uintptr_t *pcs, uint32_t *id)
{
	size_t at = MEMO_NONE + memo->n, n = 0;

	*id = memo->frame[at].id;
	for (; at != MEMO_NONE; at--)
		pcs[n++] = memo->frame[at].address - 1;
	return n;
}

void stack_init(bool now)
{
	unwind_init(now);
}

void stack_stop(void)
{
	stopped = true;
}

void stack_fork_prepare(void)
{
	unwind_fork_prepare();
	module_fork_prepare();
	python_code_fork_prepare();
}

void stack_fork_done(void)
{
	python_code_fork_done();
	module_fork_done();
	unwind_fork_done();
}

static uint32_t our_module(void)
{
	static const char mark;
	static uint32_t ours;

	if (!ours)
		ours = module_find((uintptr_t)&mark);
	return ours;
}

uint32_t stack_outwards(uint32_t node)
{
	uint32_t ours = our_module();

	while (node && ours && depot_frame(node).module == ours)
		node = depot_frame(node).parent;
	return node == DEPOT_UNKNOWN ? 0 : node;
}
