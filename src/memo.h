/*
 * What a thread remembers of its last stack, so that the next capture walks
 * the frames that are new and joins the rest. The outer frames are what they
 * were when every word is that led from one to the next: all return addresses,
 * and what a CFA rested on besides. Return addresses alone do not tell: alloca
 * leaves old ones in place.
 *
 * Owned by one thread, inside the guard. Only words of the thread's own stack
 * are remembered: they can be read at any time.
 */
#ifndef MEMO_H
#define MEMO_H

#include "depot.h"
#include "likely.h"
#include "stack.h"
#include "unwind.h"
#include "walk.h"

#define FRAMES_MAX UNWIND_MAX

/* `address` stood at `slot` when this frame was the caller's. */
struct memo_frame {
	uintptr_t slot, address;
	uintptr_t rbp;	/* while it ran, if needs_rbp */
	uint32_t id;	/* of the stack that ends in it */
	bool needs_rbp; /* where it or an outer frame is depends on it */
};

/* Another word that the step out of that frame read. */
struct memo_word {
	uintptr_t at, value;
	size_t frame;
};

/* A child in the depot, which has been asked for before: nodes stay. */
struct memo_child {
	uintptr_t pc;
	uint32_t parent, id;
};
#define MEMO_CHILD_BITS 12

struct stack_memo {
	size_t n, sound; /* frames; the outermost, which may be joined */
	size_t words;
	size_t least; /* with fewer frames a stack is not joined to this one,
			 which was too deep to be whole */
	uintptr_t low, high; /* the thread's stack */
	uintptr_t room;	     /* its size, in whole words */
	uint64_t age;	     /* generation of the rules */
	struct stack_counts counts;
	struct memo_frame frame[FRAMES_MAX]; /* outermost first */
	struct memo_word word[2 * FRAMES_MAX];
	struct memo_child child[1 << MEMO_CHILD_BITS];
	struct step step[FRAMES_MAX]; /* of the walk that goes on */
};

/* What was remembered is another stack's, or of modules that are gone. */
void memo_renew(struct stack_memo *memo, uintptr_t low, uintptr_t high,
		uint64_t age);

/* Whether a word may be read there, on the stack that the memo is of. */
static inline bool memo_covers(const struct stack_memo *memo, uintptr_t at)
{
	return at % 8 == 0 && at - memo->low < memo->room;
}

/* Reads whatever word of the stack, between variables as well. */
__attribute__((no_sanitize("address"))) static inline uintptr_t
memo_difference(uintptr_t at, uintptr_t value)
{
	return *(const uintptr_t *)at ^ value;
}

/* How many of the outermost frames, of those that lie at this slot or further
 * out, are where they were, with all words that lead outwards from them. */
static inline size_t memo_intact(const struct stack_memo *memo, uintptr_t slot)
{
	const struct memo_frame *frame = memo->frame;
	size_t n = memo->sound, good, i;

	while (n && frame[n - 1].slot < slot)
		n--;
#pragma GCC unroll 4
	for (good = 0; good < n; good++)
		if (unlikely(memo_difference(frame[good].slot,
					     frame[good].address)))
			break;
	for (i = 0; i < memo->words && memo->word[i].frame < good; i++)
		if (memo_difference(memo->word[i].at, memo->word[i].value))
			return memo->word[i].frame;
	return good;
}

/* Whether the walk has come to one of the intact frames: *intact is then how
 * many there are up to that one. */
static inline bool memo_joins(const struct stack_memo *memo, size_t *intact,
			      uintptr_t slot, uintptr_t rbp_at)
{
	const struct memo_frame *frame;

	for (; *intact; --*intact) {
		frame = &memo->frame[*intact - 1];
		if (frame->slot >= slot)
			return frame->slot == slot &&
			       (likely(!frame->needs_rbp) ||
				(memo_covers(memo, rbp_at) &&
				 !memo_difference(rbp_at, frame->rbp)));
	}
	return false;
}

/* Mostly it is one of a few: those of a loop that allocates. */
static inline uint32_t memo_child(struct stack_memo *memo, uint32_t parent,
				  const struct step *step)
{
	uint64_t hash =
		(step->pc ^ (uint64_t)parent << 32) * 0x9e3779b97f4a7c15u;
	struct memo_child *child = &memo->child[hash >> (64 - MEMO_CHILD_BITS)];

	if (likely(child->pc == step->pc && child->parent == parent))
		return child->id;
	child->pc = 0; /* a handler may leave here by longjmp */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	child->parent = parent;
	child->id = depot_child(parent, step->pc, step->rule.module);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	child->pc = step->pc;
	return child->id;
}

/* What the step out from this frame rested on, the outer ones being in place:
 * its words are remembered, and said whether rbp was among it. */
bool memo_rests(struct stack_memo *memo, struct memo_frame *frame,
		const struct step *step);

/* Puts n new steps inside of the outermost `joined` frames; of the first
 * `loose` ones nothing is to be joined. The id of the whole. */
static inline __attribute__((always_inline)) uint32_t
memo_take(struct stack_memo *memo, size_t joined, size_t n, size_t loose)
{
	struct memo_frame *frame = &memo->frame[joined];
	const struct step *step = &memo->step[n];
	bool needs_rbp = joined && frame[-1].needs_rbp;
	uint32_t id = joined ? frame[-1].id : 0;

	memo->sound = 0; /* a handler may leave here by longjmp */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	while (memo->words && memo->word[memo->words - 1].frame >= joined)
		memo->words--;
	memo->n = joined + n;
	for (; step-- != memo->step; frame++) {
		id = memo_child(memo, id, step);
		frame->slot = step->slot;
		frame->address = step->pc + 1;
		if (unlikely(step->rule.kind != RULE_RSP || needs_rbp))
			needs_rbp = (size_t)(step - memo->step) >= loose &&
				    memo_rests(memo, frame, step);
		frame->id = id;
		frame->needs_rbp = needs_rbp;
	}
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	memo->sound = joined + n - loose;
	return id;
}

#endif
