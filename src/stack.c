/*
 * Captures allocation stacks: steps outwards from the hook's caller with
 * cached rules, and interns what it met in the depot, outermost frame first.
 * Each thread runs this inside the guard, on the program's stack, which may
 * be small: the frames are kept in the thread's memo. No lock but module's
 * for a new address; libunwind is asked only where rules do not help.
 *
 * A wild read kills the program, so every load is checked against the bounds
 * of the stack; where they are not known (fibers, alternate signal stacks)
 * the kernel is asked for each new page.
 */
#include <stdbool.h>
#include <stddef.h>
#include <ucontext.h>
#include "arena.h"
#include "depot.h"
#include "module.h"
#include "probe.h"
#include "rule.h"
#include "stack.h"
#include "unwind.h"

#define FRAMES_MAX 4096
#define FRAMES_SMALL 32 /* of a thread without a memo */
#define UNKNOWN_MAX (1ul << 20)
#define UNWIND_ROOM (16ul * 1024)
#define SIGNALS_MAX 16 /* nested handlers */
#define PC_MAX (1ull << 47)

/* slot is where the return address into this frame was read. */
struct frame {
	uintptr_t pc, slot;
	uint32_t module, id;
};

struct stack_memo {
	struct frame *now, *last; /* one of the buffers each */
	size_t last_n;
	struct frame buffers[2][FRAMES_MAX];
};

struct walk {
	uintptr_t pc, slot, sp, rbp;
	uintptr_t low, high; /* can be read */
	uintptr_t limit;     /* what more may be asked for */
	uintptr_t thread_low, thread_high;
	unsigned signals;
	struct frame *frames;
	size_t n, max;
};

/* Frames of ours that lie innermost are not the program's. MODULE_MAX is none:
 * the unit tests are themselves the program. */
static uint32_t self_module = MODULE_MAX;

/* Makes [low, high) the thread's stack when sp is in it, else nothing yet,
 * to be asked for page by page. */
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

/* Reads whatever word of the stack, between variables as well. */
__attribute__((no_sanitize("address"))) static inline bool
load(struct walk *w, uintptr_t at, uintptr_t *value)
{
	if (__builtin_expect(at % 8 || at < w->low || at >= w->high, 0) &&
	    !walk_extend(w, at))
		return false;
	*value = *(const uintptr_t *)at;
	return true;
}

#ifdef __x86_64__
static inline bool step_frame(struct walk *w, struct rule rule)
{
	uintptr_t cfa, address;

	if (rule.kind == RULE_UNKNOWN)
		return false;
	cfa = rule.kind == RULE_RSP || rule.kind == RULE_DEREF_RSP ? w->sp
								   : w->rbp;
	cfa += rule.cfa * 8;
	if (rule.kind == RULE_DEREF_RSP || rule.kind == RULE_DEREF_RBP) {
		if (!load(w, cfa, &cfa))
			return false;
		cfa += rule.extra * 8;
	}
	if (cfa < w->sp + 8 || !load(w, cfa - 8, &address) || address > PC_MAX)
		return false;
	if (rule.rbp_kind == RBP_AT_CFA) {
		if (!load(w, cfa + rule.rbp * 8, &w->rbp))
			return false;
	} else if (rule.rbp_kind == RBP_AT_RBP) {
		if (!load(w, w->rbp + rule.rbp * 8, &w->rbp))
			return false;
	} else if (rule.rbp_kind == RBP_LOST) {
		w->rbp = 0; /* a CFA that needs it is refused */
	}
	w->sp = cfa;
	w->slot = cfa - 8;
	w->pc = address ? address - 1 : 0;
	return true;
}

/* The interrupted frame; its address is exact, no call's. */
static bool step_signal(struct walk *w)
{
	uintptr_t regs = w->sp + offsetof(ucontext_t, uc_mcontext.gregs);
	uintptr_t sp;

	if (++w->signals > SIGNALS_MAX ||
	    !load(w, regs + 8 * REG_RIP, &w->pc) ||
	    !load(w, regs + 8 * REG_RBP, &w->rbp) ||
	    !load(w, regs + 8 * REG_RSP, &sp) || w->pc >= PC_MAX)
		return false;
	w->slot = regs + 8 * REG_RIP;
	walk_place(w, sp);
	return true;
}
#else
static bool step_frame(struct walk *w, struct rule rule)
{
	(void)w, (void)rule;
	return false;
}

static bool step_signal(struct walk *w)
{
	(void)w;
	return false;
}
#endif

/* Collects frames from w->pc on. True when it came to the outermost, or to
 * where libunwind could do no better. */
static bool walk_run(struct walk *w)
{
	while (w->pc && w->n < w->max) {
		struct rule rule = rule_find(w->pc);
		bool is_signal = rule.kind == RULE_SIGNAL;

		if (w->n || rule.module != self_module)
			w->frames[w->n++] = (struct frame){
				.pc = w->pc + is_signal,
				.slot = w->slot,
				.module = rule.module,
			};
		if (rule.kind == RULE_END)
			return true;
		if (!(is_signal ? step_signal(w) : step_frame(w, rule)))
			return rule.kind == RULE_FRAME_POINTER ||
			       (rule.kind == RULE_UNKNOWN && rule.extra);
	}
	return true;
}

/* Replaces the memo's frames by libunwind's when those are more. */
static void walk_again(struct walk *w, const void *frame,
		       struct stack_memo *memo)
{
	uintptr_t *pcs = (uintptr_t *)memo->last, here = (uintptr_t)&pcs;
	size_t n;

	if (here - w->thread_low >= w->thread_high - w->thread_low ||
	    here - w->thread_low < UNWIND_ROOM)
		return;
	memo->last_n = 0;
	n = unwind_walk((uintptr_t)frame, pcs, FRAMES_MAX);
	if (n <= w->n) {
		if (n && w->n)
			rule_set_hopeless(w->frames[w->n - 1].pc);
		return;
	}
	for (w->n = 0; w->n < n; w->n++)
		w->frames[w->n] = (struct frame){
			.pc = pcs[w->n],
			.module = rule_find(pcs[w->n]).module,
		};
}

/* Gives frames[0..n) their ids, from the outermost; those which the last
 * stack had as well need no search. The id of the whole. */
static uint32_t intern(struct frame *frames, size_t n, const struct frame *last,
		       size_t last_n)
{
	uint32_t id = 0;

	while (n && last_n && frames[n - 1].pc == last[last_n - 1].pc &&
	       frames[n - 1].module == last[last_n - 1].module) {
		id = frames[--n].id = last[--last_n].id;
	}
	while (n--) {
		id = depot_child(id, frames[n].pc, frames[n].module);
		frames[n].id = id;
	}
	return id;
}

static void walk_begin(struct walk *w, const void *frame, uintptr_t low,
		       uintptr_t high)
{
	const uintptr_t *words = frame;

	*w = (struct walk){
		.pc = words[1] - 1,
		.slot = (uintptr_t)&words[1],
		.rbp = words[0],
		.thread_low = low,
		.thread_high = high,
	};
	walk_place(w, (uintptr_t)&words[2]);
}

static __attribute__((noinline)) uint32_t capture_small(struct walk *w)
{
	struct frame frames[FRAMES_SMALL];

	w->frames = frames;
	w->max = FRAMES_SMALL;
	walk_run(w);
	return intern(frames, w->n, NULL, 0);
}

uint32_t stack_capture(const void *frame, uintptr_t low, uintptr_t high,
		       struct stack_memo *memo)
{
	struct walk w;
	struct frame *frames;
	uint32_t id;

	walk_begin(&w, frame, low, high);
	if (!memo)
		return capture_small(&w);
	w.frames = frames = memo->now;
	w.max = FRAMES_MAX;
	if (!walk_run(&w))
		walk_again(&w, frame, memo);
	id = intern(frames, w.n, memo->last, memo->last_n);
	memo->now = memo->last;
	memo->last = frames;
	memo->last_n = w.n;
	return id;
}

struct stack_memo *stack_memo_new(void)
{
	struct stack_memo *memo = arena_map(sizeof(*memo));

	if (memo) {
		memo->now = memo->buffers[0];
		memo->last = memo->buffers[1];
	}
	return memo;
}

void stack_memo_free(struct stack_memo *memo)
{
	arena_unmap(memo, sizeof(*memo));
}

void stack_init(void)
{
	uint32_t module = module_find((uintptr_t)stack_init);

	if (module && !module_is_program(module))
		self_module = module;
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
