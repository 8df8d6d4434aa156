/*
 * What a thread remembers of its last stack. The next capture walks the frames
 * that are new and joins the rest. The outer frames are unchanged when every
 * word that led from one to the next is unchanged: all return addresses, and
 * the other words on which a CFA rested. Return addresses alone do not tell,
 * since alloca leaves old ones in place.
 *
 * Owned by one thread, inside the guard. Only words of the thread's own stack
 * are remembered, which can be read at any time.
 */
#ifndef MEMO_H
#define MEMO_H

#include "base/likely.h"
#include "stack/cfi.h"
#include "stack/python_memo.h"
#include "stack/unwind.h"
#include "stack/walk.h"

#define FRAMES_MAX UNWIND_MAX

/* A frame, and the word that leads into it: `address` stood at `slot` while the
 * frame that it called ran. Frames are kept outermost first. */
struct memo_frame {
	uintptr_t slot, address;
	uint32_t id;   /* of the stack that ends in it */
	uint32_t rest; /* 0: the return addresses up to its own prove the frame.
			  Otherwise the number of other words that lead outwards
			  from it, with MEMO_RBP where its place, or that of an
			  outer frame, depends on rbp */
	uintptr_t rbp; /* its value while the frame ran, if it matters */
};
#define MEMO_RBP 0x80000000u
#define MEMO_REFUSED UINT32_MAX /* no id */

/* Another word that a step out of a frame read. */
struct memo_word {
	uintptr_t at, value;
};

/* So many frames are compared at once. The real frames follow MEMO_NONE. Before
 * them are some that never change, and one beyond every slot. */
#define MEMO_STRIDE 4
#define MEMO_NONE (MEMO_STRIDE - 1)

/* A step is plain where its rule goes by rsp. Then these are the bytes from the
 * slot of one return address to the next, and from there to the caller's rbp
 * (0: rbp is unchanged). No step of ours is plain, since our frames are in no
 * stack. */
struct memo_place {
	uintptr_t address;
	int32_t stride, rbp; /* stride 0: not plain */
	struct rule rule;
} __attribute__((aligned(1 << 5)));
#define MEMO_PLACE_SHIFT 5
#define MEMO_PLACE_BITS 10
#define MEMO_PLACE_FIRST 7 /* as many as fit on a page */

/* A child in the depot that was asked for before. It stays right, since nodes
 * stay. */
struct memo_child {
	uintptr_t pc;
	uint32_t parent, id;
};
#define MEMO_CHILD_SHIFT 4 /* bytes */
#define MEMO_CHILD_BITS 12
#define MEMO_CHILD_FIRST 8

/* How many captures were not joined to the one before, and for how many of
 * these libunwind was asked. */
struct memo_counts {
	uint64_t walks, fallbacks;
};

/* Aligned so that the part that is used first is one page. */
#define MEMO_PAGE __attribute__((aligned(4096)))

struct stack_memo {
	size_t n, sound; /* frames; how many of the outermost may be joined */
	size_t least; /* this stack was too deep to be whole: only one with so
			 many frames is joined to it; else 0 */
	uintptr_t low, high; /* the thread's stack */
	uintptr_t room;	     /* its size, in whole words */
	uint64_t age;	     /* generation of the rules */
	/* The parts of the two tables that are in use, as offsets in bytes:
	 * small at first (see rule_mask). */
	uint64_t place_mask, child_mask;
	/* In a forked child, the parent's. */
	uint64_t place_most, child_most;
	uint32_t places, children; /* entries made since the masks grew */
	struct memo_counts counts;
	/* Room for a stack, and for the steps of the walk. */
	struct memo_frame frame[MEMO_STRIDE + 2 * FRAMES_MAX];
	struct memo_word other[4 * FRAMES_MAX];
	struct memo_place place[1 << MEMO_PLACE_BITS] MEMO_PAGE;
	struct memo_child child[1 << MEMO_CHILD_BITS] MEMO_PAGE;
	struct step step[FRAMES_MAX]; /* of the walk under way */
	struct python_memo python MEMO_PAGE;
};

struct stack_memo *memo_new(void); /* NULL when memory is short */
void memo_free(struct stack_memo *memo);
/* Sets the thread's own stack, [low, high). high 0, as in a new memo:
 * unknown. */
void memo_bounds(struct stack_memo *memo, uintptr_t low, uintptr_t high);
struct memo_counts memo_counts(const struct stack_memo *memo);
/* In a forked child. It mostly captures little, so few pages of the memo are to
 * be written. Nothing was counted yet. */
void memo_forked(struct stack_memo *memo);
/* Forgets what was learnt of modules that are gone. */
void memo_renew(struct stack_memo *memo, uint64_t age);

/* Whether the word there can be read: it is on the memo's stack. */
static inline bool memo_covers(const struct stack_memo *memo, uintptr_t at)
{
	return at % 8 == 0 && at - memo->low < memo->room;
}

/* Reads any word of the stack, also one between variables. */
__attribute__((no_sanitize("address"))) static inline uintptr_t
memo_difference(uintptr_t at, uintptr_t value)
{
	return *(const uintptr_t *)at ^ value;
}

static inline uintptr_t memo_change(const struct memo_frame *frame)
{
	return memo_difference(frame->slot, frame->address);
}

/* Not 0 when a frame or one of the next outside of it has changed; MEMO_STRIDE
 * frames are compared at once. There is no branch for each: the number of
 * frames differs from one capture to the next. */
static inline uintptr_t memo_changes(const struct memo_frame *frame)
{
	return memo_change(frame) | memo_change(frame - 1) |
	       memo_change(frame - 2) | memo_change(frame - 3);
}

/* Whether the words that a frame needs besides return addresses are
 * unchanged. */
bool memo_rest_holds(const struct stack_memo *memo,
		     const struct memo_frame *frame, uintptr_t rbp_at);

/* The innermost frame, from this one outwards, from which all words that lead
 * outwards are unchanged. */
const struct memo_frame *memo_intact(const struct stack_memo *memo,
				     const struct memo_frame *frame);

/* Whether the walk has come to a frame of the last stack, with nothing changed
 * outside of it. *outer is the innermost frame that the walk may still meet; on
 * success, the frame that it has met. */
static inline __attribute__((always_inline)) bool
memo_joins(const struct stack_memo *memo, const struct memo_frame **outer,
	   uintptr_t slot, uintptr_t rbp_at)
{
	const struct memo_frame *none = &memo->frame[MEMO_NONE];
	const struct memo_frame *frame = *outer;

	while (frame->slot < slot)
		frame--;
	*outer = frame;
	if (frame->slot != slot || memo_change(frame))
		return false;
	if (unlikely(frame->rest) && !memo_rest_holds(memo, frame, rbp_at))
		return false;
	if (memo_changes(frame)) {
		--*outer; /* mostly it is its caller that has changed */
		return false;
	}
	while ((frame -= MEMO_STRIDE) > none)
		if (unlikely(memo_changes(frame))) {
			*outer = memo_intact(memo, *outer);
			return false;
		}
	return true;
}

/* Makes this the innermost frame of the last stack. MEMO_REFUSED, and no stack
 * is remembered, when it may not have so many frames. */
static inline uint32_t memo_end(struct stack_memo *memo,
				const struct memo_frame *frame, size_t loose,
				uint32_t id)
{
	size_t n = frame - &memo->frame[MEMO_NONE];

	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	memo->n = n;
	if (unlikely(n - memo->least > FRAMES_MAX - memo->least)) {
		memo->n = 0;
		return MEMO_REFUSED;
	}
	memo->sound = n - loose;
	return id;
}

static inline struct memo_place *memo_place(struct stack_memo *memo,
					    uintptr_t address)
{
	uint64_t mixed = address * 0x9e3779b97f4a7c15u;

	return (void *)((char *)memo->place +
			(mixed >> (64 - MEMO_PLACE_BITS - MEMO_PLACE_SHIFT) &
			 memo->place_mask));
}

/* Fills the place for that address, whose rule is known. */
void memo_learn(struct stack_memo *memo, struct memo_place *place,
		uintptr_t address, struct rule rule);

/* Makes id the parent's child for pc. pc may stand for several frames. */
void memo_child_remember(struct stack_memo *memo, uint32_t parent, uint64_t pc,
			 uint32_t id);
/* Fills the entry with that child. */
uint32_t memo_child_new(struct stack_memo *memo, struct memo_child *child,
			uint32_t parent, const struct step *step);

/* The only entry that may have that child. */
static inline struct memo_child *memo_child_at(struct stack_memo *memo,
					       uint32_t parent, uint64_t pc)
{
	uint64_t hash = (pc ^ (uint64_t)parent << 32) * 0x9e3779b97f4a7c15u;

	return (void *)((char *)memo->child +
			(hash >> (64 - MEMO_CHILD_BITS - MEMO_CHILD_SHIFT) &
			 memo->child_mask));
}

/* Mostly the child is one of a few, those of a loop that allocates. */
static inline uint32_t memo_child(struct stack_memo *memo, uint32_t parent,
				  const struct step *step)
{
	struct memo_child *child = memo_child_at(memo, parent, step->pc);

	if (likely(child->pc == step->pc && child->parent == parent))
		return child->id;
	return memo_child_new(memo, child, parent, step);
}

/* Fills the frame from the step, inside of the stack `outer`; its id. */
static inline __attribute__((always_inline)) uint32_t
memo_put(struct stack_memo *memo, struct memo_frame *frame,
	 const struct step *step, uint32_t outer, uint32_t rest)
{
	frame->slot = step->slot;
	frame->address = step->pc + 1;
	frame->id = memo_child(memo, outer, step);
	frame->rest = rest;
	return frame->id;
}

/* Adds the steps inside of the frame that was joined, to which they lead.
 * Nothing may be joined at the first `loose` of them. The id of the whole
 * stack, or MEMO_REFUSED when it has too many frames or fewer than
 * memo->least. */
uint32_t memo_take(struct stack_memo *memo, const struct memo_frame *joined,
		   const struct step *first, const struct step *step,
		   size_t loose);

/* The same when all steps are plain and rbp does not matter to the frame. */
static inline __attribute__((always_inline)) uint32_t
memo_take_plain(struct stack_memo *memo, const struct memo_frame *joined,
		const struct step *first, const struct step *step)
{
	struct memo_frame *frame = &memo->frame[joined - memo->frame];
	uint32_t id = frame->id, rest = frame->rest;

	memo->sound = 0; /* a handler may leave here by longjmp */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	while (step-- != first)
		id = memo_put(memo, ++frame, step, id, rest);
	return memo_end(memo, frame, 0, id);
}

#endif
