/*
 * See walk.h. A wild read kills the program, so every load is checked against
 * the bounds of the stack. Where they are unknown (fibers, alternate signal
 * stacks) the kernel is asked for each new page.
 */
#include <ucontext.h>
#include "base/probe.h"
#include "stack/cfi.h"
#include "stack/rule.h"
#include "stack/walk.h"

#define UNKNOWN_MAX (1ul << 20)
#define SIGNALS_MAX 16 /* nested signal handlers in a stack */

/* When sp is in the thread's stack, [low, high) is that stack. Otherwise it is
 * empty, to be widened page by page. */
static void walk_place(struct walk *w, uintptr_t sp)
{
	w->sp = sp;
	if (sp >= w->thread_low && sp < w->thread_high) {
		w->low = w->thread_low;
		w->high = w->limit = w->thread_high;
	} else {
		w->low = w->high = sp & ~7ul;
		w->limit = w->low + UNKNOWN_MAX;
	}
}

void walk_begin(struct walk *w, const void *frame, uintptr_t low,
		uintptr_t high)
{
	const uintptr_t *words = frame;

	w->pc = words[1] - 1;
	w->slot = (uintptr_t)&words[1];
	w->rbp = words[0];
	w->rbp_at = (uintptr_t)&words[0];
	w->thread_low = low;
	w->thread_high = high & ~7ul;
	w->signals = 0;
	w->n = w->loose = 0;
	walk_place(w, (uintptr_t)&words[2]);
}

void walk_begin_at(struct walk *w, uintptr_t pc, uintptr_t sp, uintptr_t rbp,
		   uintptr_t low, uintptr_t high)
{
	w->pc = pc;
	w->slot = w->rbp_at = 0;
	w->rbp = rbp;
	w->thread_low = low;
	w->thread_high = high & ~7ul;
	w->signals = 0;
	w->n = w->loose = 0;
	walk_place(w, sp);
}

bool walk_is_own_stack(const struct walk *w)
{
	return w->low == w->thread_low;
}

static __attribute__((noinline)) bool walk_extend(struct walk *w, uintptr_t at)
{
	if (at % 8 || at < w->low || at >= w->limit)
		return false;
	while (w->high <= at) {
		if (!probe_readable(w->high))
			return false;
		w->high = (w->high | 4095) + 1;
	}
	return true;
}

/* Reads any word of the stack, also one between variables. */
__attribute__((no_sanitize("address"))) static inline bool
load(struct walk *w, uintptr_t at, uintptr_t *value)
{
	if (__builtin_expect(at % 8 || at < w->low || at >= w->high, 0) &&
	    !walk_extend(w, at))
		return false;
	*value = *(const uintptr_t *)at;
	return true;
}

static bool step_frame(struct walk *w, struct rule rule)
{
	uintptr_t cfa, address;

	if (rule.kind == RULE_UNKNOWN)
		return false;
	cfa = rule_base(rule, w->sp, w->rbp);
	if (rule_derefs(rule)) {
		if (!load(w, cfa, &cfa))
			return false;
		cfa += rule.extra * 8;
	}
	if (cfa < w->sp + 8 || !load(w, cfa - 8, &address) || address > PC_MAX)
		return false;
	if (rule.rbp_kind == RBP_LOST) {
		w->rbp = w->rbp_at = 0; /* a CFA that needs it is refused */
	} else if (rule.rbp_kind != RBP_SAME) {
		w->rbp_at = rule_rbp_at(rule, cfa, w->rbp);
		if (!load(w, w->rbp_at, &w->rbp))
			return false;
	}
	w->sp = cfa;
	w->slot = cfa - 8;
	w->pc = address ? address - 1 : 0;
	return true;
}

/* Steps to the interrupted frame. Its address is exact, not that of a call. */
static bool step_signal(struct walk *w)
{
	uintptr_t regs = w->sp + offsetof(ucontext_t, uc_mcontext.gregs);
	uintptr_t sp;

	if (++w->signals > SIGNALS_MAX ||
	    !load(w, regs + 8 * REG_RIP, &w->pc) ||
	    !load(w, regs + 8 * REG_RBP, &w->rbp) ||
	    !load(w, regs + 8 * REG_RSP, &sp) || w->pc >= PC_MAX)
		return false;
	w->rbp_at = regs + 8 * REG_RBP;
	w->slot = 0; /* its sp does not follow from where its address stands */
	w->loose = w->n + 1;
	walk_place(w, sp);
	return true;
}

bool walk_run(struct walk *w)
{
	while (w->pc && w->n < w->max) {
		struct rule rule = rule_find(w->pc);
		bool is_signal = rule.kind == RULE_SIGNAL;

		if (w->n || rule.module != rule_self_module)
			w->steps[w->n++] = (struct step){
				.pc = w->pc + is_signal,
				.slot = w->slot,
				.rbp_at = w->rbp_at,
				.rule = rule,
			};
		if (rule_ends(rule))
			return true;
		if (!(is_signal ? step_signal(w) : step_frame(w, rule))) {
			if (rule.kind == RULE_FRAME_POINTER)
				return true; /* as good as the outermost */
			w->loose = w->n;
			return false;
		}
	}
	return true;
}
