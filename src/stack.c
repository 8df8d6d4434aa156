/*
 * Captures allocation stacks: steps outwards from the hook's caller with
 * cached rules until it meets a frame of the thread's last stack, and interns
 * what is new in the depot, outermost frame first. Each thread runs this
 * inside the guard, on the program's stack, which may be small: the frames are
 * kept in the thread's memo. No lock but module's for a new address; libunwind
 * is asked only where rules do not help.
 */
#include "arena.h"
#include "likely.h"
#include "memo.h"
#include "module.h"
#include "stack.h"
#include "unwind.h"
#include "walk.h"

#define FRAMES_SMALL 32 /* of a thread without a memo */

bool stack_is_own(uintptr_t pc)
{
	return rule_find(pc).module == walk_self_module;
}

/* Replaces the walk's frames by libunwind's when those are more. */
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

/* On a stack that is not known libunwind might read beyond its end. */
static void walk_again(struct walk *w, const void *frame,
		       struct stack_memo *memo)
{
	uintptr_t here = (uintptr_t)frame;

	memo->counts.fallbacks++;
	if (here >= w->thread_low && here < w->thread_high)
		unwind_walk(frame, walk_replace, w);
}

static __attribute__((noinline)) uint32_t
capture_small(const void *frame, uintptr_t low, uintptr_t high)
{
	struct step steps[FRAMES_SMALL];
	struct walk w = {.steps = steps, .max = FRAMES_SMALL};
	uint32_t id = 0;

	walk_begin(&w, frame, low, high);
	walk_run(&w);
	while (w.n--)
		id = depot_child(id, w.steps[w.n].pc, w.steps[w.n].rule.module);
	return id;
}

/* All frames, whatever they are. */
static __attribute__((noinline)) uint32_t capture_whole(const void *frame,
							uintptr_t low,
							uintptr_t high,
							struct stack_memo *memo)
{
	struct walk w = {.steps = memo->step, .max = FRAMES_MAX};

	memo->counts.walks++;
	walk_begin(&w, frame, low, high);
	if (!walk_run(&w))
		walk_again(&w, frame, memo);
	memo->least = w.n == FRAMES_MAX ? FRAMES_MAX / 2 : 0;
	return memo_take(memo, 0, w.n, walk_is_own_stack(&w) ? w.loose : w.n);
}

#ifdef __x86_64__
/* The CFA by a rule that does not go by rsp; none where the stack ends. */
#define CFA_END 1
#define CFA_FAILED 2
static __attribute__((noinline, no_sanitize("address"))) uintptr_t
cfa_otherwise(const struct stack_memo *memo, struct rule rule, uintptr_t slot,
	      uintptr_t rbp_at)
{
	bool by_rbp = rule_needs_rbp(rule);
	uintptr_t cfa;

	if (rule_ends(rule))
		return CFA_END;
	if (rule.kind == RULE_UNKNOWN || rule.kind == RULE_SIGNAL ||
	    (by_rbp && !memo_covers(memo, rbp_at)))
		return CFA_FAILED;
	cfa = rule_base(rule, slot + 8,
			by_rbp ? *(const uintptr_t *)rbp_at : 0);
	if (rule_derefs(rule)) {
		if (!memo_covers(memo, cfa))
			return CFA_FAILED;
		cfa = *(const uintptr_t *)cfa + rule.extra * 8;
	}
	return cfa % 8 ? CFA_FAILED : cfa;
}

/* Where the caller's rbp is, when not where its callee's was nor at the CFA;
 * 0: nowhere. */
static __attribute__((noinline, no_sanitize("address"))) uintptr_t
rbp_otherwise(const struct stack_memo *memo, struct rule rule, uintptr_t rbp_at)
{
	if (rule.rbp_kind == RBP_LOST || !memo_covers(memo, rbp_at))
		return 0;
	return rule_rbp_at(rule, 0, *(const uintptr_t *)rbp_at);
}

/*
 * The common case: the thread is on its own stack, every rule helps, and sooner
 * or later a frame is met that the last stack had, too. False where not all of
 * this is so.
 */
static inline __attribute__((always_inline, no_sanitize("address"))) bool
capture_joined(const void *frame, struct stack_memo *memo, uint64_t age,
	       uint32_t *id)
{
	const uintptr_t *words = frame;
	uintptr_t slot = (uintptr_t)&words[1], rbp_at = (uintptr_t)&words[0];
	uintptr_t end = memo->low + memo->room, cfa, pc;
	struct step *step = memo->step;
	size_t intact, n;
	struct rule rule;

	if (unlikely(!memo_covers(memo, slot)))
		return false;
	intact = memo_intact(memo, slot);
	while (!memo_joins(memo, &intact, slot, rbp_at)) {
		pc = *(const uintptr_t *)slot - 1;
		if (unlikely(pc >= PC_MAX)) {
			if (pc + 1)
				return false;
			intact = 0; /* the outermost returns to 0 */
			break;
		}
		rule = rule_find_aged(pc, age);
		if (unlikely(step == memo->step + FRAMES_MAX))
			return false;
		*step = (struct step){pc, slot, rbp_at, rule};
		step += step != memo->step || rule.module != walk_self_module;
		cfa = slot + 8 + rule.cfa * 8;
		if (unlikely(rule.kind != RULE_RSP))
			cfa = cfa_otherwise(memo, rule, slot, rbp_at);
		if (unlikely(cfa - slot - 16 >= end - slot - 8)) {
			if (cfa != CFA_END)
				return false;
			intact = 0;
			break;
		}
		if (likely(rule.rbp_kind == RBP_AT_CFA))
			rbp_at = rule_rbp_at(rule, cfa, 0);
		else if (rule.rbp_kind != RBP_SAME)
			rbp_at = rbp_otherwise(memo, rule, rbp_at);
		slot = cfa - 8;
	}
	n = intact + (step - memo->step);
	if (unlikely(n > FRAMES_MAX || n < memo->least))
		return false;
	memo->counts.walks += !intact;
	*id = memo_take(memo, intact, step - memo->step, 0);
	return true;
}
#else
static bool capture_joined(const void *frame, struct stack_memo *memo,
			   uint64_t age, uint32_t *id)
{
	(void)frame, (void)memo, (void)age, (void)id;
	return false;
}
#endif

uint32_t stack_capture(const void *frame, uintptr_t low, uintptr_t high,
		       struct stack_memo *memo)
{
	uint64_t age = rule_age();
	uint32_t id;

	if (unlikely(!memo))
		return capture_small(frame, low, high);
	if (unlikely((memo->age ^ age) | (memo->low ^ low) |
		     (memo->high ^ high)))
		memo_renew(memo, low, high, age);
	if (likely(capture_joined(frame, memo, age, &id)))
		return id;
	return capture_whole(frame, low, high, memo);
}

size_t stack_last(const struct stack_memo *memo, uintptr_t *pcs, uint32_t *id)
{
	size_t i;

	for (i = 0; i < memo->n; i++)
		pcs[i] = memo->frame[memo->n - 1 - i].address - 1;
	*id = i ? memo->frame[memo->n - 1].id : 0;
	return i;
}

struct stack_counts stack_counts(const struct stack_memo *memo)
{
	return memo->counts;
}

void stack_counts_clear(struct stack_memo *memo)
{
	memo->counts = (struct stack_counts){0};
}

void stack_init(void)
{
	uint32_t module = module_find((uintptr_t)stack_init);

	if (module && !module_is_program(module))
		walk_self_module = module;
	unwind_init();
}

void stack_fork_prepare(void)
{
	unwind_fork_prepare();
	module_fork_prepare();
}

void stack_fork_done(void)
{
	module_fork_done();
	unwind_fork_done();
}
