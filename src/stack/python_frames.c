/*
 * See python_frames.h. A thread reads its own chain of frames, which nobody
 * else changes, whether or not it has the interpreter's lock just now.
 *
 * The whole chain is looked at, since calls in Python leave the native stack as
 * it is. The frames that are as they were keep their ids. A frame that is seen
 * twice in a row at the same instruction kept its code alive meanwhile: the
 * allocation of other code would have been seen.
 *
 * Until some walks have succeeded the kernel is asked before each word is read:
 * the interpreter may be another one than it says.
 */
#include <stddef.h>
#include "base/large.h"
#include "base/likely.h"
#include "base/probe.h"
#include "stack/depot.h"
#include "stack/memo.h"
#include "stack/module.h"
#include "stack/python_code.h"
#include "stack/python_frames.h"
#include "stack/python_layout.h"
#include "stack/python_memo.h"
#include "stack/walk.h"

#define TRIALS 32
#define SEARCHED 8 /* remembered frames that a frame is looked for among */
#define NO_FRAME UINT32_MAX

bool python_frames_on;

static struct {
	struct python_layout layout;
	uintptr_t (*current)(void), (*own)(void);
	int (*is_ending)(void);
	uintptr_t eval, eval_size, low, size;
	bool old; /* before 3.11: an instruction is a number */
	bool is_program;
	uint32_t module;
} python LARGE;
static uint32_t trials; /* walks that were sound */

static bool is_trusted(void)
{
	return likely(__atomic_load_n(&trials, __ATOMIC_RELAXED) >= TRIALS);
}

/* Once trusted, a walk is free of questions: `trusted` is a constant in all
 * that is inlined. */
#define WALK static inline __attribute__((always_inline))

WALK bool can_read(uintptr_t at, bool trusted)
{
	return trusted ||
	       (at % 8 == 0 && probe_readable(at) && probe_readable(at + 7));
}

static uintptr_t word_at(uintptr_t at)
{
	return *(const volatile uintptr_t *)at;
}

static bool is_eval(uintptr_t address)
{
	return address - python.eval < python.eval_size;
}

static bool is_ours(uintptr_t address)
{
	return address - python.low < python.size;
}

WALK bool is_own(uintptr_t state, bool trusted)
{
	return state && can_read(state + python.layout.thread, trusted) &&
	       word_at(state + python.layout.thread) ==
		       (uintptr_t)__builtin_thread_pointer();
}

/* The calling thread's state, or 0. Once the interpreter ends the states of
 * threads that do not have its lock may be gone. */
WALK uintptr_t own_state(bool trusted)
{
	uintptr_t state = python.current();

	if (likely(is_own(state, trusted)))
		return state;
	state = python.is_ending() ? 0 : python.own();
	return is_own(state, trusted) ? state : 0;
}

/* The innermost frame of the calling thread; 0: it does not run the
 * interpreter. */
WALK uintptr_t innermost(bool trusted)
{
	const struct python_layout *l = &python.layout;
	uintptr_t at = own_state(trusted);

	if (!at || !can_read(at + l->frame, trusted))
		return 0;
	at = word_at(at + l->frame);
	if (l->holds && at)
		at = can_read(at + l->held, trusted) ? word_at(at + l->held)
						     : 0;
	return at;
}

WALK uintptr_t instruction_at(uintptr_t frame)
{
	uintptr_t at = frame + python.layout.instruction;

	return python.old ? *(const volatile uint32_t *)at : word_at(at);
}

WALK uintptr_t code_of(uintptr_t frame)
{
	return word_at(frame + python.layout.code) & -8ul;
}

/* Whether a frame can be read. */
WALK bool is_readable(uintptr_t at, bool trusted)
{
	const struct python_layout *l = &python.layout;

	return at &&
	       (trusted || (can_read(at + l->back, false) &&
			    can_read(at + l->code, false) &&
			    can_read((at + l->owner) & -8ul, false) &&
			    can_read((at + l->instruction) & -8ul, false)));
}

/* The frame itself, unless it only stands for a call from C: then the next one
 * outwards that does not. */
WALK uintptr_t real_frame(uintptr_t at, bool trusted)
{
	const struct python_layout *l = &python.layout;

	while (l->foreign && is_readable(at, trusted) &&
	       *(const volatile uint8_t *)(at + l->owner) >= l->foreign)
		at = word_at(at + l->back);
	return at;
}

/* Whether a frame is at the instruction where it was. As of 3.11 that is an
 * address within its code. */
WALK bool is_still(const struct python_frame *frame)
{
	return frame->instruction == instruction_at(frame->frame) &&
	       (!python.old || frame->code == code_of(frame->frame));
}

/* The remembered frame that this one still is, or NO_FRAME. */
WALK uint32_t find(const struct python_memo *memo, uint32_t n, uintptr_t at)
{
	uint32_t least = n > SEARCHED ? n - SEARCHED : 0;

	while (n-- > least)
		if (memo->frame[n].frame == at)
			return is_still(&memo->frame[n]) ? n : NO_FRAME;
	return NO_FRAME;
}

/* Whether all frames outside of remembered frame `i` are as they were. If not,
 * *wrong is the innermost that is not. */
WALK bool rest_holds(const struct python_memo *memo, uint32_t i,
		     uint32_t *wrong, bool trusted)
{
	uintptr_t at = word_at(memo->frame[i].frame + python.layout.back);

	while (i--) {
		if (at != memo->frame[i].frame)
			at = real_frame(at, trusted);
		if (at != memo->frame[i].frame || !is_readable(at, trusted) ||
		    !is_still(&memo->frame[i])) {
			*wrong = i;
			return false;
		}
		at = word_at(at + python.layout.back);
	}
	*wrong = 0;
	return !real_frame(at, trusted);
}

/* Collects the frames that are new, innermost first. *joined is how many of
 * the remembered ones are outside of them. */
WALK uint32_t walk(struct python_memo *memo, uintptr_t at, uint32_t *joined,
		   bool trusted)
{
	uint32_t n = 0, left = memo->n, found;

	*joined = 0;
	for (; n < PYTHON_FRAMES; n++) {
		at = real_frame(at, trusted);
		if (!is_readable(at, trusted))
			break;
		found = find(memo, left, at);
		if (found != NO_FRAME &&
		    rest_holds(memo, found, &left, trusted)) {
			*joined = found + 1;
			break;
		}
		memo->fresh[n].frame = at;
		memo->fresh[n].code = code_of(at);
		memo->fresh[n].instruction = instruction_at(at);
		at = word_at(at + python.layout.back);
	}
	return n;
}

static __attribute__((noinline)) uint32_t walk_asking(struct python_memo *memo,
						      uint32_t *joined)
{
	return walk(memo, innermost(false), joined, false);
}

static uint32_t collect(struct python_memo *memo, uint32_t *joined)
{
	return is_trusted() ? walk(memo, innermost(true), joined, true)
			    : walk_asking(memo, joined);
}

static bool is_code(uintptr_t code)
{
	return word_at(code + 8) == python.layout.code_type;
}

/* Whether it is a code object, with names that can be read. */
static bool is_sound(uintptr_t code)
{
	const struct python_layout *l = &python.layout;

	return code && can_read(code + 8, false) && is_code(code) &&
	       can_read(code + l->first / 8 * 8, false) &&
	       can_read(code + l->name, false) &&
	       can_read(code + l->file, false) &&
	       can_read(code + l->lines, false) &&
	       can_read(word_at(code + l->name), false) &&
	       can_read(word_at(code + l->file), false) &&
	       can_read(word_at(code + l->lines), false);
}

static uint32_t number_of(struct python_memo *memo, uintptr_t code)
{
	size_t i = (code >> 4) * 0x9e3779b97f4a7c15u >> 56;
	struct python_code_key key;

	if (!code || (!is_trusted() && !is_sound(code)))
		return 0;
	key = python_code_key(&python.layout, code);
	if (likely(memo->known[i].number &&
		   python_code_same(&memo->known[i].key, &key)))
		return memo->known[i].number;
	if (!is_code(code))
		return 0;
	memo->known[i].number = python_code_number(&python.layout, &key);
	memo->known[i].key = key;
	return memo->known[i].number;
}

/* The address of a frame in the pseudo-module; 0: it is no frame. */
static uintptr_t place_of(struct python_memo *memo,
			  const struct python_frame *frame)
{
	const struct python_layout *l = &python.layout;
	uintptr_t number = number_of(memo, frame->code), unit;

	if (!number)
		return 0;
	if (!python.old)
		unit = (frame->instruction - frame->code - l->units) / 2;
	else if (l->version == 0x030a)
		unit = (uint32_t)frame->instruction;
	else
		unit = (uint32_t)frame->instruction / 2;
	if (unit >> PYTHON_UNIT_BITS) /* it has not begun */
		unit = 0;
	return number << PYTHON_UNIT_BITS | unit;
}

/* Puts the new frames inside of the joined ones. False when one is no frame. */
static bool take(struct stack_memo *memo, uint32_t joined, uint32_t fresh)
{
	struct python_memo *own = &memo->python;
	uint32_t id = joined ? own->frame[joined - 1].id : own->root;
	struct step step = {.rule = {.module = python.module}};

	own->n = 0; /* a handler may leave here by longjmp */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	while (fresh--) {
		own->frame[joined] = own->fresh[fresh];
		step.pc = place_of(own, &own->fresh[fresh]);
		if (!step.pc)
			return false;
		id = memo_child(memo, id, &step);
		own->frame[joined++].id = id;
	}
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	own->n = joined;
	return true;
}

/* The stack outside of the outermost frame of the interpreter's module. */
static uint32_t root_of(struct stack_memo *memo)
{
	const struct memo_frame *frame = memo->frame + MEMO_NONE;
	struct python_memo *own = &memo->python;
	size_t i;

	if (python.is_program)
		return 0;
	if (own->outer && own->outer <= memo->n &&
	    is_ours(frame[own->outer].address) &&
	    frame[own->outer - 1].id == own->root)
		return own->root;
	for (i = 1; i < memo->n && !is_ours(frame[i].address); i++)
		;
	own->outer = i;
	return frame[i - 1].id;
}

/* The innermost frame that stands for a call from C and lies on the native
 * stack, in the activation of the interpreter; 0: none. */
static uintptr_t entry_of(const struct stack_memo *memo)
{
	const struct python_layout *l = &python.layout;
	bool trusted = is_trusted();
	uintptr_t at = innermost(trusted);
	uint32_t i;

	for (i = 0; i < PYTHON_FRAMES && is_readable(at, trusted); i++) {
		if (at >= memo->low && at < memo->high)
			return at;
		at = word_at(at + l->back);
	}
	return 0;
}

/* The innermost activation of the interpreter, or `none`. Some builds of 3.14
 * run each instruction in a function of its own. */
static __attribute__((noinline)) const struct memo_frame *
activation(const struct stack_memo *memo, const struct memo_frame *none)
{
	uintptr_t entry = python.layout.foreign ? entry_of(memo) : 0;
	const struct memo_frame *frame = none + memo->n;

	if (!entry || frame == none || frame->slot > entry)
		return none;
	while (frame - 1 != none && (frame - 1)->slot < entry)
		frame--;
	return frame;
}

/* Adds the native frames that are inside of this one. */
static uint32_t add_inner(struct stack_memo *memo,
			  const struct memo_frame *frame, uint32_t id)
{
	const struct memo_frame *last = &memo->frame[MEMO_NONE + memo->n];

	while (frame++ != last) {
		struct depot_frame f = depot_frame(frame->id);
		struct step step = {.pc = frame->address - 1,
				    .rule = {.module = f.module}};

		id = memo_child(memo, id, &step);
	}
	return id;
}

static void note_success(void)
{
	if (!is_trusted())
		__atomic_fetch_add(&trials, 1, __ATOMIC_RELAXED);
}

/* It is not what it says it is. */
static uint32_t give_up(struct stack_memo *memo, uint32_t id)
{
	if (!is_trusted())
		python_frames_on = false;
	memo->python.n = 0;
	return id;
}

uint32_t python_frames_add(struct stack_memo *memo, uint32_t id)
{
	const struct memo_frame *none = &memo->frame[MEMO_NONE];
	const struct memo_frame *frame = none + memo->n;
	uint32_t joined, fresh, root;

	while (frame != none && !is_eval(frame->address))
		frame--;
	if (unlikely(frame == none))
		frame = activation(memo, none);
	if (frame == none)
		return id;
	root = root_of(memo);
	if (root != memo->python.root) {
		memo->python.root = root;
		memo->python.n = 0;
	}
	fresh = collect(&memo->python, &joined);
	if (unlikely(joined + fresh > PYTHON_FRAMES)) {
		memo->python.n = 0; /* too deep to be joined */
		fresh = collect(&memo->python, &joined);
	}
	if (!take(memo, joined, fresh))
		return give_up(memo, id);
	if (!memo->python.n)
		return id;
	note_success();
	return add_inner(memo, frame,
			 memo->python.frame[memo->python.n - 1].id);
}

uint32_t python_module(void)
{
	return python.module;
}

void python_frames_init(const struct python_exports *exports, bool is_program)
{
	if (!python_layout_find(&python.layout, exports))
		return;
	python.current = (uintptr_t(*)(void))exports->current;
	python.own = (uintptr_t(*)(void))exports->own;
	python.is_ending = (int (*)(void))exports->ending;
	python.old = python.layout.version < 0x030b;
	python.eval = exports->eval;
	python.eval_size = exports->eval_end - exports->eval;
	python.low = exports->low;
	python.size = exports->high - exports->low;
	python.is_program = is_program;
	python.module = module_pseudo("python");
	__atomic_store_n(&python_frames_on, python.module != 0,
			 __ATOMIC_RELEASE);
}
