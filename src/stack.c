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

#define FRAMES_MAX UNWIND_MAX
#define FRAMES_SMALL 32 /* of a thread without a memo */
#define UNKNOWN_MAX (1ul << 20)
#define SIGNALS_MAX 16 /* nested handlers */
#define PC_MAX (1ull << 47)

/* What a frame is, and the words of the stack that say so. */
struct frame {
	uintptr_t pc;	    /* of the call in it */
	uintptr_t slot;	    /* where its return address was read */
	uintptr_t rbp;	    /* while it ran */
	uintptr_t rbp_slot; /* where that was read; 0: as in the next inner */
	uint32_t module, id;
};

/* A child in the depot, which has been asked for before: nodes stay. */
struct known {
	uintptr_t pc;
	uint32_t parent, module, id;
};
#define KNOWN_BITS 8

struct stack_memo {
	size_t n, sound;     /* see walk_offer() */
	uintptr_t low, high; /* the stack they were on */
	uint64_t generation; /* of the rules */
	struct stack_counts counts;
	struct frame frames[FRAMES_MAX]; /* outermost first */
	struct frame inner[FRAMES_MAX];	 /* innermost first: what is new */
	struct known known[1 << KNOWN_BITS];
};

struct walk {
	uintptr_t pc, slot, sp, rbp, rbp_slot;
	uintptr_t low, high; /* can be read */
	uintptr_t limit;     /* what more may be asked for */
	uintptr_t thread_low, thread_high;
	unsigned signals;
	struct frame *frames;
	size_t n, max;
	size_t loose; /* frames inside the outermost unchecked step */
	const struct frame *outer; /* the last stack, which this may join */
	size_t outer_n;
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
	uintptr_t cfa, address, at;

	if (rule.kind == RULE_UNKNOWN)
		return false;
	cfa = rule.kind == RULE_RSP || rule.kind == RULE_DEREF_RSP ? w->sp
								   : w->rbp;
	cfa += rule.cfa * 8;
	if (rule.kind == RULE_DEREF_RSP || rule.kind == RULE_DEREF_RBP) {
		if (!load(w, cfa, &cfa))
			return false;
		cfa += rule.extra * 8;
		w->loose = w->n; /* that word is not remembered */
	}
	if (cfa < w->sp + 8 || !load(w, cfa - 8, &address) || address > PC_MAX)
		return false;
	w->rbp_slot = 0;
	if (rule.rbp_kind == RBP_LOST) {
		w->rbp = 0; /* a CFA that needs it is refused */
	} else if (rule.rbp_kind != RBP_SAME) {
		at = rule.rbp_kind == RBP_AT_CFA ? cfa : w->rbp;
		w->rbp_slot = at + rule.rbp * 8;
		if (!load(w, w->rbp_slot, &w->rbp))
			return false;
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
	w->slot = 0; /* its sp is not told by where its address stands */
	w->rbp_slot = 0;
	w->loose = w->n + 1;
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

/* The outer frames are what they were when each word that led to them is.
 * Return addresses alone do not tell: alloca leaves old ones in place. */
__attribute__((no_sanitize("address"))) static inline uintptr_t
difference(const struct frame *frame)
{
	const uintptr_t *rbp = frame->rbp_slot
				       ? (const uintptr_t *)frame->rbp_slot
				       : &frame->rbp;

	return (*(const uintptr_t *)frame->slot ^ (frame->pc + 1)) |
	       (*rbp ^ frame->rbp);
}

/* Of n frames, from the innermost on, how many are not intact or lie within
 * one that is not. Mostly none: looked at without a branch for each. */
static inline size_t broken(const struct frame *frames, size_t n)
{
	uintptr_t any = 0;
	size_t i;

	for (i = 0; i < n; i++)
		any |= difference(&frames[i]);
	if (!any)
		return 0;
	for (i = n; i--;)
		if (difference(&frames[i]))
			break;
	return n - i;
}

/* Whether the walk has come to a frame of the last stack, from which on that
 * is still true: outer[0..outer_n) then. */
static inline bool walk_joins(struct walk *w)
{
	const struct frame *frame;
	size_t lost;

	for (;; w->outer_n--) {
		if (!w->outer_n)
			return false;
		frame = &w->outer[w->outer_n - 1];
		if (frame->slot >= w->slot)
			break;
	}
	if (frame->slot != w->slot || frame->pc != w->pc ||
	    frame->rbp != w->rbp)
		return false;
	lost = broken(w->outer, w->outer_n - 1);
	if (lost)
		w->outer_n -= 1 + lost;
	return !lost;
}

/* Collects frames from w->pc on, until the outermost, or one of the last
 * stack. False when it came to neither and libunwind might do better. */
static bool walk_run(struct walk *w)
{
	while (w->pc && w->n < w->max) {
		struct rule rule;
		bool is_signal;

		if (walk_joins(w))
			return true;
		rule = rule_find(w->pc);
		is_signal = rule.kind == RULE_SIGNAL;
		if (w->n || rule.module != self_module)
			w->frames[w->n++] = (struct frame){
				.pc = w->pc + is_signal,
				.slot = w->slot,
				.rbp = w->rbp,
				.rbp_slot = w->rbp_slot,
				.module = rule.module,
			};
		if (rule.kind == RULE_END)
			break;
		if (!(is_signal ? step_signal(w) : step_frame(w, rule))) {
			w->outer_n = 0;
			return rule.kind == RULE_FRAME_POINTER ||
			       (rule.kind == RULE_UNKNOWN && rule.extra);
		}
	}
	w->outer_n = 0;
	return true;
}

bool stack_is_own(uintptr_t pc)
{
	return rule_find(pc).module == self_module;
}

/* Replaces the walk's frames by libunwind's when those are more. */
static void walk_replace(const uintptr_t *pcs, size_t n, void *data)
{
	struct walk *w = data;

	for (; n && stack_is_own(*pcs); n--)
		pcs++;
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

/* Mostly it is one of a few: those of a loop that allocates. */
static inline uint32_t child(struct stack_memo *memo, uint32_t parent,
			     const struct frame *frame)
{
	uint64_t hash =
		(frame->pc ^ (uint64_t)parent << 32) * 0x9e3779b97f4a7c15u;
	struct known *known;

	if (!memo)
		return depot_child(parent, frame->pc, frame->module);
	known = &memo->known[hash >> (64 - KNOWN_BITS)];
	if (known->pc != frame->pc || known->parent != parent ||
	    known->module != frame->module)
		*known = (struct known){
			frame->pc, parent, frame->module,
			depot_child(parent, frame->pc, frame->module)};
	return known->id;
}

/* The id of the stack of which frames[0..n) are the innermost and parent is
 * the rest. */
static uint32_t intern(struct stack_memo *memo, uint32_t parent,
		       struct frame *frames, size_t n)
{
	while (n--) {
		parent = child(memo, parent, &frames[n]);
		frames[n].id = parent;
	}
	return parent;
}

/* How many of the memo's outer frames have the addresses of this walk's: their
 * ids need no search. */
static size_t common(const struct stack_memo *memo, const struct walk *w)
{
	size_t i = 0;

	while (i < memo->n && i < w->n &&
	       memo->frames[i].pc == w->frames[w->n - 1 - i].pc &&
	       memo->frames[i].module == w->frames[w->n - 1 - i].module)
		i++;
	return i;
}

/* Word by word: as vectors they could not be forwarded from the stores that
 * have just made them. */
static inline void frame_copy(struct frame *to, const struct frame *from)
{
	const volatile struct frame *words = from;

	to->pc = words->pc;
	to->slot = words->slot;
	to->rbp = words->rbp;
	to->rbp_slot = words->rbp_slot;
	to->module = words->module;
	to->id = words->id;
}

/* Takes the walk's frames into the memo, after those it joined. */
static uint32_t memo_take(struct stack_memo *memo, struct walk *w)
{
	size_t joined = w->outer_n, known = joined ? 0 : common(memo, w);
	uint32_t id = joined + known ? memo->frames[joined + known - 1].id : 0;

	id = intern(memo, id, w->frames, w->n - known);
	for (size_t i = 0; i < w->n; i++) {
		struct frame *to = &memo->frames[joined + i];
		uint32_t old = to->id;

		frame_copy(to, &w->frames[w->n - 1 - i]);
		if (i < known)
			to->id = old;
	}
	memo->n = joined + w->n;
	memo->sound = joined;
	if (w->n > w->loose)
		memo->sound += w->n - w->loose;
	if (w->low != w->thread_low)
		memo->sound = 0;
	return id;
}

static void walk_begin(struct walk *w, const void *frame, uintptr_t low,
		       uintptr_t high)
{
	const uintptr_t *words = frame;

	/* one by one: a literal is cleared by a slow string instruction */
	w->pc = words[1] - 1;
	w->slot = (uintptr_t)&words[1];
	w->rbp = words[0];
	w->rbp_slot = (uintptr_t)&words[0];
	w->thread_low = low;
	w->thread_high = high & ~7ul;
	w->signals = 0;
	w->n = w->loose = w->outer_n = 0;
	w->outer = NULL;
	walk_place(w, (uintptr_t)&words[2]);
}

static __attribute__((noinline)) uint32_t capture_small(struct walk *w)
{
	struct frame frames[FRAMES_SMALL];

	w->frames = frames;
	w->max = FRAMES_SMALL;
	walk_run(w);
	return intern(NULL, 0, frames, w->n);
}

/* Offers the walk the last stack to join: its sound part, whose words all lie
 * in the thread's stack and lead from one frame to the next. Another thread,
 * whose memo this was, had another stack. */
static void walk_offer(struct walk *w, struct stack_memo *memo)
{
	uint64_t generation =
		__atomic_load_n(&rule_generation, __ATOMIC_ACQUIRE);

	if (__builtin_expect(memo->generation == generation &&
				     w->low == memo->low &&
				     w->high == memo->high,
			     1)) {
		w->outer = memo->frames;
		w->outer_n = memo->sound;
		return;
	}
	memo->generation = generation;
	memo->low = w->thread_low;
	memo->high = w->thread_high;
}

uint32_t stack_capture(const void *frame, uintptr_t low, uintptr_t high,
		       struct stack_memo *memo)
{
	struct walk w;

	walk_begin(&w, frame, low, high);
	if (!memo)
		return capture_small(&w);
	w.frames = memo->inner;
	w.max = FRAMES_MAX;
	walk_offer(&w, memo);
	if (!walk_run(&w))
		walk_again(&w, frame, memo);
	if (__builtin_expect(!w.outer_n, 0))
		memo->counts.walks++;
	if (w.outer_n + w.n > FRAMES_MAX) {
		memo->sound = 0;
		return stack_capture(frame, low, high, memo);
	}
	return memo_take(memo, &w);
}

size_t stack_last(const struct stack_memo *memo, uintptr_t *pcs, uint32_t *id)
{
	size_t i;

	for (i = 0; i < memo->n; i++)
		pcs[i] = memo->frames[memo->n - 1 - i].pc;
	*id = i ? memo->frames[memo->n - 1].id : 0;
	return i;
}

struct stack_counts stack_counts(const struct stack_memo *memo)
{
	return memo->counts;
}

struct stack_memo *stack_memo_new(void)
{
	return arena_map(sizeof(struct stack_memo));
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
