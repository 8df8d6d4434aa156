/*
 * See python_chain.h. The whole chain is looked at, since calls in Python leave
 * the native stack as it is. The frames that are as they were keep their ids. A
 * frame that is seen twice in a row at the same instruction kept its code alive
 * meanwhile: the allocation of other code would have been seen.
 */
#include "base/large.h"
#include "base/likely.h"
#include "stack/python_chain.h"
#include "stack/python_layout.h"
#include "stack/python_memo.h"

#define SEARCHED 8 /* remembered frames that a frame is looked for among */
#define NO_FRAME UINT32_MAX

struct python_chain python_chain LARGE;

/* A trusted walk does not ask the kernel what can be read. `trusted` and `old`
 * are constants in all that is inlined. */
#define WALK static inline __attribute__((always_inline))

WALK bool can_read(uintptr_t at, bool trusted)
{
	return trusted || python_chain_can_read(at);
}

static uintptr_t word_at(uintptr_t at)
{
	return *(const volatile uintptr_t *)at;
}

WALK bool is_own(uintptr_t state, bool trusted)
{
	return state && can_read(state + python_chain.layout.thread, trusted) &&
	       word_at(state + python_chain.layout.thread) ==
		       (uintptr_t)__builtin_thread_pointer();
}

/* The calling thread's state, or 0. Once the interpreter ends the states of
 * threads that do not have its lock may be gone. */
WALK uintptr_t own_state(bool trusted)
{
	uintptr_t state = python_chain.current();

	if (likely(is_own(state, trusted)))
		return state;
	state = python_chain.is_ending() ? 0 : python_chain.own();
	return is_own(state, trusted) ? state : 0;
}

/* The innermost frame of the calling thread; 0: it does not run the
 * interpreter. */
WALK uintptr_t innermost(bool trusted)
{
	const struct python_layout *l = &python_chain.layout;
	uintptr_t at = own_state(trusted);

	if (!at || !can_read(at + l->frame, trusted))
		return 0;
	at = word_at(at + l->frame);
	if (l->holds && at)
		at = can_read(at + l->held, trusted) ? word_at(at + l->held)
						     : 0;
	return at;
}

WALK uintptr_t instruction_at(uintptr_t frame, bool old)
{
	uintptr_t at = frame + python_chain.layout.instruction;

	return old ? *(const volatile uint32_t *)at : word_at(at);
}

WALK uintptr_t code_of(uintptr_t frame)
{
	return word_at(frame + python_chain.layout.code) & -8ul;
}

/* Whether a frame can be read. */
WALK bool is_readable(uintptr_t at, bool trusted)
{
	const struct python_layout *l = &python_chain.layout;

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
	const struct python_layout *l = &python_chain.layout;

	while (l->foreign && is_readable(at, trusted) &&
	       *(const volatile uint8_t *)(at + l->owner) >= l->foreign)
		at = word_at(at + l->back);
	return at;
}

/* Whether a frame is at the instruction where it was. As of 3.11 that is an
 * address within its code. */
WALK bool is_still(const struct python_frame *frame, bool old)
{
	return frame->instruction == instruction_at(frame->frame, old) &&
	       (!old || frame->code == code_of(frame->frame));
}

/* The innermost of n remembered frames that was at that address, or NO_FRAME.
 */
WALK uint32_t find(const struct python_memo *memo, uint32_t n, uintptr_t at)
{
	uint32_t least = n > SEARCHED ? n - SEARCHED : 0;

	while (n-- > least)
		if (memo->frame[n].frame == at)
			return n;
	return NO_FRAME;
}

/* Whether all frames outside of remembered frame `i` are as they were. If not,
 * *wrong is the innermost that is not. */
WALK bool rest_holds(const struct python_memo *memo, uint32_t i,
		     uint32_t *wrong, bool trusted, bool old)
{
	uintptr_t at = word_at(memo->frame[i].frame + python_chain.layout.back);

	while (i--) {
		if (at != memo->frame[i].frame)
			at = real_frame(at, trusted);
		if (at != memo->frame[i].frame || !is_readable(at, trusted) ||
		    !is_still(&memo->frame[i], old)) {
			*wrong = i;
			return false;
		}
		at = word_at(at + python_chain.layout.back);
	}
	*wrong = 0;
	return !real_frame(at, trusted);
}

/* Collects the frames that are new, innermost first. *joined is how many of
 * the remembered ones are outside of them. */
WALK uint32_t walk(struct python_memo *memo, uintptr_t at, uint32_t *joined,
		   bool trusted, bool old)
{
	uint32_t n = 0, left = memo->n, found;

	*joined = 0;
	for (; n < PYTHON_FRAMES; n++) {
		at = real_frame(at, trusted);
		if (!is_readable(at, trusted))
			break;
		found = find(memo, left, at);
		if (found != NO_FRAME) {
			left = found;
			if (is_still(&memo->frame[found], old) &&
			    rest_holds(memo, found, &left, trusted, old)) {
				*joined = found + 1;
				break;
			}
		}
		memo->fresh[n].frame = at;
		memo->fresh[n].code = code_of(at);
		memo->fresh[n].instruction = instruction_at(at, old);
		at = word_at(at + python_chain.layout.back);
	}
	return n;
}

/* Whether the remembered frames are those of the chain that begins there, and
 * all but the innermost are at the instructions where they were. */
WALK bool rest_is_still(const struct python_memo *memo, uintptr_t at, bool old)
{
	const struct python_frame *frame = &memo->frame[memo->n];
	const uintptr_t back = python_chain.layout.back;

	if (frame == memo->frame || at != (--frame)->frame)
		return false;
	while (frame-- != memo->frame) {
		at = word_at(at + back);
		if (unlikely(at != frame->frame))
			at = real_frame(at, true);
		if (at != frame->frame || !is_still(frame, old))
			return false;
	}
	return !real_frame(word_at(at + back), true);
}

/* Mostly code goes on in the frame where it was. */
WALK uint32_t collect(struct python_memo *memo, uint32_t *joined, bool old)
{
	uintptr_t at = innermost(true);

	if (!rest_is_still(memo, at, old))
		return walk(memo, at, joined, true, old);
	*joined = memo->n;
	if (is_still(&memo->frame[memo->n - 1], old))
		return 0;
	--*joined;
	memo->fresh->frame = at;
	memo->fresh->code = code_of(at);
	memo->fresh->instruction = instruction_at(at, old);
	return 1;
}

static __attribute__((noinline)) uint32_t
collect_asking(struct python_memo *memo, uint32_t *joined)
{
	return walk(memo, innermost(false), joined, false, python_chain.old);
}

static __attribute__((noinline)) uint32_t collect_old(struct python_memo *memo,
						      uint32_t *joined)
{
	return collect(memo, joined, true);
}

uint32_t python_chain_collect(struct python_memo *memo, uint32_t *joined)
{
	if (unlikely(!python_chain_is_trusted()))
		return collect_asking(memo, joined);
	if (unlikely(python_chain.old))
		return collect_old(memo, joined);
	return collect(memo, joined, false);
}

uintptr_t python_chain_entry(uintptr_t low, uintptr_t high)
{
	const struct python_layout *l = &python_chain.layout;
	bool trusted = python_chain_is_trusted();
	uintptr_t at = innermost(trusted);
	uint32_t i;

	for (i = 0; i < PYTHON_FRAMES && is_readable(at, trusted); i++) {
		if (at >= low && at < high)
			return at;
		at = word_at(at + l->back);
	}
	return 0;
}
