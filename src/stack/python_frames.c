/*
 * See python_frames.h. What is new in the chain of frames becomes stacks,
 * inside of those that the thread remembers.
 */
#include <stddef.h>
#include "base/large.h"
#include "base/likely.h"
#include "stack/depot.h"
#include "stack/memo.h"
#include "stack/module.h"
#include "stack/python_chain.h"
#include "stack/python_code.h"
#include "stack/python_frames.h"
#include "stack/python_layout.h"
#include "stack/python_memo.h"
#include "stack/walk.h"

bool python_frames_on;

static struct {
	uintptr_t eval, eval_size, low, size;
	bool is_program;
	uint32_t module;
} python LARGE;

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

static bool is_code(uintptr_t code)
{
	return word_at(code + 8) == python_chain.layout.code_type;
}

/* Whether it is a code object, with names that can be read. */
static bool is_sound(uintptr_t code)
{
	const struct python_layout *l = &python_chain.layout;

	return code && python_chain_can_read(code + 8) && is_code(code) &&
	       python_chain_can_read(code + l->first / 8 * 8) &&
	       python_chain_can_read(code + l->name) &&
	       python_chain_can_read(code + l->file) &&
	       python_chain_can_read(code + l->lines) &&
	       python_chain_can_read(word_at(code + l->name)) &&
	       python_chain_can_read(word_at(code + l->file)) &&
	       python_chain_can_read(word_at(code + l->lines));
}

static __attribute__((noinline)) uint32_t new_number(struct python_known *known,
						     uintptr_t code)
{
	if (!is_code(code))
		return 0;
	known->number = 0; /* a handler may leave here by longjmp */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	known->key = python_code_key(&python_chain.layout, code);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	known->number = python_code_number(&python_chain.layout, &known->key);
	return known->number;
}

static uint32_t number_of(struct python_memo *memo, uintptr_t code)
{
	struct python_known *known =
		&memo->known[(code >> 4) * 0x9e3779b97f4a7c15u >> 56];

	if (!code || (!python_chain_is_trusted() && !is_sound(code)))
		return 0;
	if (likely(python_code_is(&python_chain.layout, code, &known->key) &&
		   known->number))
		return known->number;
	return new_number(known, code);
}

/* The address of a frame in the pseudo-module; 0: it is no frame. */
static uintptr_t place_of(struct python_memo *memo,
			  const struct python_frame *frame)
{
	const struct python_layout *l = &python_chain.layout;
	uintptr_t number = number_of(memo, frame->code), unit;

	if (!number)
		return 0;
	if (!python_chain.old)
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

/* The innermost activation of the interpreter, or `none`. Some builds of 3.14
 * run each instruction in a function of its own. */
static __attribute__((noinline)) const struct memo_frame *
activation(const struct stack_memo *memo, const struct memo_frame *none)
{
	uintptr_t entry = python_chain.layout.foreign
				  ? python_chain_entry(memo->low, memo->high)
				  : 0;
	const struct memo_frame *frame = none + memo->n;

	if (!entry || frame == none || frame->slot > entry)
		return none;
	while (frame - 1 != none && (frame - 1)->slot < entry)
		frame--;
	return frame;
}

/* Adds the native frames that are inside of this one. */
static __attribute__((noinline)) uint32_t
add_inner_new(struct stack_memo *memo, const struct memo_frame *frame,
	      uint32_t outer, uint64_t all)
{
	const struct memo_frame *last = &memo->frame[MEMO_NONE + memo->n];
	uint32_t id = outer;

	while (frame++ != last) {
		struct depot_frame f = depot_frame(frame->id);
		struct step step = {.pc = frame->address - 1,
				    .rule = {.module = f.module}};

		id = memo_child(memo, id, &step);
	}
	memo_child_remember(memo, outer, all, id);
	return id;
}

/* The same. They are looked for as if they were one frame, at an address that
 * no code has. */
static uint32_t add_inner(struct stack_memo *memo,
			  const struct memo_frame *frame, uint32_t outer)
{
	const struct memo_frame *at = &memo->frame[MEMO_NONE + memo->n];
	const struct memo_child *child;
	uint64_t all = 0;

	if (at == frame)
		return outer;
	for (; at != frame; at--)
		all = (all ^ at->address) * 0x9e3779b97f4a7c15u;
	all |= 1ul << 63;
	child = memo_child_at(memo, outer, all);
	if (likely(child->pc == all && child->parent == outer))
		return child->id;
	return add_inner_new(memo, frame, outer, all);
}

/* It is not what it says it is. */
static uint32_t give_up(struct stack_memo *memo, uint32_t id)
{
	if (!python_chain_is_trusted())
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
	fresh = python_chain_collect(&memo->python, &joined);
	if (unlikely(joined + fresh > PYTHON_FRAMES)) {
		memo->python.n = 0; /* too deep to be joined */
		fresh = python_chain_collect(&memo->python, &joined);
	}
	if (!take(memo, joined, fresh))
		return give_up(memo, id);
	if (!memo->python.n)
		return id;
	python_chain_was_sound();
	return add_inner(memo, frame,
			 memo->python.frame[memo->python.n - 1].id);
}

uint32_t python_module(void)
{
	return python.module;
}

void python_frames_init(const struct python_exports *exports, bool is_program)
{
	if (!python_layout_find(&python_chain.layout, exports))
		return;
	python_chain.current = (uintptr_t(*)(void))exports->current;
	python_chain.own = (uintptr_t(*)(void))exports->own;
	python_chain.is_ending = (int (*)(void))exports->ending;
	python_chain.old = python_chain.layout.version < 0x030b;
	python.eval = exports->eval;
	python.eval_size = exports->eval_end - exports->eval;
	python.low = exports->low;
	python.size = exports->high - exports->low;
	python.is_program = is_program;
	python.module = module_pseudo("python");
	__atomic_store_n(&python_frames_on, python.module != 0,
			 __ATOMIC_RELEASE);
}
