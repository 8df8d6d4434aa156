/* See judged.h. */
#include <errno.h>
#include "base/arena.h"
#include "graph/graph.h"
#include "refs/refs.h"
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/judged.h"
#include "scan/leads.h"
#include "scan/links.h"
#include "scan/read.h"
#include "scan/undecided.h"

enum state {
	HELD = 1,    /* a word of live memory may be a reference to it */
	TOUCHED = 2, /* one leads into it that can be none */
	PENDING = 4,
};

static uint8_t *state;	/* of a declared block: enum state */
static int32_t *rest;	/* of its count, what links do not explain */
static int32_t *credit; /* words of unmarked blocks that lead to it; NULL:
			   not counted yet */
static bool any;

#define COUNT_MOST (1 << 30)

static bool is_object(const struct declared *d)
{
	return !(d->flags & (DECLARED_PART | DECLARED_PLAIN));
}

static bool is_marked(uintptr_t block)
{
	struct place place = blocks_place(block);

	return place.cell->strong & place.bit;
}

/* An object of which macros spoke, too, is theirs. */
static void leave_to_macros(void)
{
	uint32_t i;

	if (!refs_objects_n())
		return;
	for (i = 0; i < declared_n; i++)
		if (is_object(&declared[i]) &&
		    counts_of(declared[i].block) >= 0)
			declared[i].flags = DECLARED_PLAIN;
}

static void subtract_links(void)
{
	uint32_t i, k;

	for (i = 0; i < declared_n; i++) {
		struct links links = links_of(i);

		for (k = 0; k < links.n; k++)
			rest[link_to(links.list[k])]--;
	}
}

int judged_begin(struct arena *arena)
{
	uint32_t i;

	if (!declared_exist)
		return 0;
	state = arena_array(arena, declared_n, sizeof *state);
	rest = arena_array(arena, declared_n, sizeof *rest);
	if (!state || !rest)
		return -ENOMEM;
	leave_to_macros();
	for (i = 0; i < declared_n; i++)
		if (is_object(&declared[i]))
			rest[i] = declared[i].count < COUNT_MOST
					  ? (int32_t)declared[i].count
					  : COUNT_MOST;
	subtract_links();
	return 0;
}

/* More links than references are counted: then nothing is known. */
static bool is_unexplained(uint32_t i)
{
	return rest[i] < 0 || (rest[i] && credit && credit[i] < rest[i]);
}

static bool waits_undecided(const struct declared *d, uintptr_t word,
			    uintptr_t at, bool touches)
{
	bool passing = !word || at & JUDGED_PASSING;

	if (at & JUDGED_DOUBTED)
		return undecided_is_doubted(d->block);
	return touches ? undecided_is_touched(d->block, passing)
		       : undecided_waits(d->block, passing);
}

uintptr_t judged_mark(uintptr_t block, uintptr_t word, uintptr_t at)
{
	uint32_t i = at & JUDGED_LINK ? DECLARED_NONE : declared_find(block);
	const struct declared *d = &declared[i];
	bool touches;

	if (i == DECLARED_NONE || d->flags & DECLARED_PLAIN)
		return block;
	if (at & JUDGED_WHOLE || d->flags & DECLARED_APART ||
	    declared_is_listed(d, word))
		return BLOCK_NONE;
	touches = word && !lead_is_reference(d, word);
	if (d->flags & DECLARED_PART) {
		i = (uint32_t)d->owner;
		d = &declared[i];
	}
	if (touches) {
		state[i] |= TOUCHED;
		if (d->flags & DECLARED_MAYBE)
			return waits_undecided(d, word, at, true) ? BLOCK_NONE
								  : d->block;
		return is_unexplained(i) ? d->block : BLOCK_NONE;
	}
	if (d->flags & DECLARED_UNDECIDED &&
	    waits_undecided(d, word, at, false))
		return BLOCK_NONE;
	state[i] |= HELD;
	return rest[i] ? d->block : BLOCK_NONE;
}

static bool waits(uint32_t i)
{
	return rest[i] > 0 && (state[i] & (HELD | TOUCHED)) == TOUCHED &&
	       !is_marked(declared[i].block);
}

/* To which declared block a word of another is a reference, that is no link. */
static uint32_t reference_to(uint32_t from, uintptr_t at, uintptr_t word)
{
	uintptr_t block = blocks_find(word);

	if (block == BLOCK_NONE || counts_is_weak(at) ||
	    lead_of(from, at, word, block) != LEAD_WORD)
		return DECLARED_NONE;
	return declared_find(block);
}

static void credit_word(uintptr_t at, uintptr_t word, void *data)
{
	uint32_t to = reference_to(*(const uint32_t *)data, at, word);

	if (to != DECLARED_NONE)
		credit[to]++;
}

/* Whether a block is the object, or what that owns by a link. */
static bool is_own(uint32_t object, uint32_t block)
{
	struct links links = links_of(object);
	uint32_t i;

	for (i = 0; i < links.n && link_to(links.list[i]) != block; i++)
		;
	return object == block || i < links.n;
}

static void tell_word(uintptr_t at, uintptr_t word, void *data)
{
	uint32_t from = *(const uint32_t *)data;
	uint32_t to = reference_to(from, at, word);

	if (to != DECLARED_NONE &&
	    declared[to].flags & (DECLARED_UNDECIDED | DECLARED_MAYBE))
		undecided_count(declared[to].block,
				from != DECLARED_NONE && is_own(to, from));
}

void judged_tell(uintptr_t block)
{
	uint32_t from = declared_find(block);

	read_block(block, tell_word, &from);
}

void judged_credit(uintptr_t block)
{
	uint32_t from = declared_find(block);

	read_block(block, credit_word, &from);
}

int judged_try(bool *some, struct arena *arena)
{
	uint32_t i;

	*some = false;
	if (!declared_exist || credit)
		return 0;
	for (i = 0; i < declared_n && !*some; i++)
		*some = waits(i);
	credit = arena_array(arena, declared_n, sizeof *credit);
	return credit ? 0 : -ENOMEM;
}

void judged_enter(void (*enter)(uintptr_t block))
{
	uint32_t i;

	for (i = 0; i < declared_n; i++)
		if (waits(i) && is_unexplained(i))
			enter(declared[i].block);
}

/*
 * What a collector will free, by its own rule: the objects that it sees, whose
 * counts are held by each other (CPython's deduce_unreachable()).
 */

static bool is_seen(uint32_t i)
{
	return is_object(&declared[i]) &&
	       declared[i].flags & DECLARED_COLLECTED &&
	       !is_marked(declared[i].block);
}

/* The object to which links of a block belong, or DECLARED_NONE. */
static uint32_t seen_owner(uint32_t i)
{
	if (declared[i].flags & DECLARED_PART)
		i = (uint32_t)declared[i].owner;
	return is_seen(i) ? i : DECLARED_NONE;
}

/* Fills what of each count seen objects do not hold, and takes them all for
 * pending. Puts those that something else holds on the stack; how many. */
static uint32_t subtract_seen(int64_t *left, uint32_t *stack)
{
	uint32_t i, k, n = 0;

	for (i = 0; i < declared_n; i++)
		left[i] = is_seen(i) ? declared[i].count : 0;
	for (i = 0; i < declared_n; i++) {
		struct links links = links_of(i);

		if (!links.n || seen_owner(i) == DECLARED_NONE)
			continue;
		for (k = 0; k < links.n; k++)
			left[link_to(links.list[k])]--;
	}
	for (i = 0; i < declared_n; i++) {
		if (declared[i].flags & DECLARED_PART || is_seen(i))
			state[i] |= PENDING;
		if (left[i] && is_seen(i))
			stack[n++] = i;
	}
	return n;
}

static void spread(uint32_t *stack, uint32_t n)
{
	uint32_t i, k;

	for (i = 0; i < n; i++)
		state[stack[i]] &= ~PENDING;
	while (n) {
		struct links links = links_of(stack[--n]);

		for (k = 0; k < links.n; k++) {
			uint32_t to = link_to(links.list[k]);

			if (!(state[to] & PENDING))
				continue;
			state[to] &= ~PENDING;
			stack[n++] = to;
		}
	}
}

int judged_end(struct arena *arena)
{
	int64_t *left;
	uint32_t *stack, i, seen = 0;

	for (i = 0; declared_exist && i < declared_n; i++) {
		any |= !is_marked(declared[i].block) &&
		       !(declared[i].flags & DECLARED_MAYBE);
		seen += is_seen(i);
	}
	if (!seen)
		return 0;
	left = arena_array(arena, declared_n, sizeof *left);
	stack = arena_array(arena, declared_n, sizeof *stack);
	if (!left || !stack)
		return -ENOMEM;
	spread(stack, subtract_seen(left, stack));
	arena_release(left, declared_n, sizeof *left);
	arena_release(stack, declared_n, sizeof *stack);
	return 0;
}

bool judged_any(void)
{
	return any;
}

static bool links_itself(uint32_t i)
{
	struct links links = links_of(i);
	uint32_t k;

	for (k = 0; k < links.n; k++)
		if (link_to(links.list[k]) == i)
			return true;
	return false;
}

/* Whether counts prove it dead, although a word of live memory leads to it. */
static bool is_dead(uint32_t i)
{
	if (state[i] & HELD)
		return !rest[i];
	return state[i] & TOUCHED && !is_unexplained(i);
}

uint8_t judged_flags(uintptr_t block)
{
	uint32_t i = declared_find(block);
	uint8_t flags;

	if (i == DECLARED_NONE)
		return 0;
	flags = links_itself(i) ? NODE_SELF : 0;
	if (!is_object(&declared[i]) || declared[i].flags & DECLARED_MAYBE)
		return flags;
	flags |= NODE_DECLARED;
	if (is_dead(i))
		flags |= NODE_DEAD;
	if (rest[i])
		flags |= NODE_FOUND;
	if (declared[i].flags & DECLARED_COLLECTED)
		flags |= state[i] & PENDING ? NODE_PENDING : NODE_KEPT;
	return flags;
}

int64_t judged_count(uintptr_t block)
{
	uint32_t i = declared_find(block);

	if (i == DECLARED_NONE || !is_object(&declared[i]) ||
	    declared[i].flags & DECLARED_HIDDEN || is_dead(i))
		return -1;
	return declared[i].count;
}

int64_t judged_words(uintptr_t block)
{
	uint32_t i = declared_find(block);
	int64_t words;

	if (i == DECLARED_NONE || !is_object(&declared[i]) ||
	    !(declared[i].flags & DECLARED_EXACT))
		return -1;
	words = undecided_words(block);
	return words < 0 && !(declared[i].flags & DECLARED_MAYBE)
		       ? declared[i].count
		       : words;
}
