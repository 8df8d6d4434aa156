/*
 * See path.h. Blocks are read in the order in which they are reached, so the
 * next ones are known, and are asked for before they are read; so are the cells
 * of words (ahead.h).
 *
 * Snapshot child only.
 */
#include <errno.h>
#include "base/large.h"
#include "base/likely.h"
#include "base/list.h"
#include "base/rows.h"
#include "heap/heap.h"
#include "process/stopped.h"
#include "scan/ahead.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/fault.h"
#include "scan/holder.h"
#include "scan/leads.h"
#include "scan/marked.h"
#include "scan/offsets.h"
#include "scan/path.h"
#include "scan/read.h"
#include "scan/root.h"
#include "scan/sheet.h"
#include "scan/step.h"

#define BLOCKS_AHEAD 8
#define FROM_ROOT UINT32_MAX
#define FROM_DECREE (UINT32_MAX - 1)

/* Of a block to which a root leads. */
struct root_word {
	uint64_t number, at;
};

static struct search {
	struct list block; /* in the order in which they were reached */
	struct list from;  /* for each, the number of what led to it */
	struct list word;  /* struct root_word, by number */
	uintptr_t target;
	uint32_t found; /* its number, or UINT32_MAX */
	struct reader {
		uint32_t number;   /* of what is read */
		uint32_t declared; /* its declared number */
	} reads;
	enum root_kind kind;
	bool ends, told, outer;
	struct {
		struct ahead word;
		struct reader by;
	} ring[WORDS_AHEAD];
	uint32_t oldest, n;
	int failed;
} s LARGE;

static bool is_done(void)
{
	return s.failed || s.found != UINT32_MAX;
}

static uintptr_t block_of(uint32_t i)
{
	return ((const uintptr_t *)s.block.list)[i];
}

static uint32_t *from_of(uint32_t i)
{
	return (uint32_t *)s.from.list + i;
}

static void enter(struct place place, uintptr_t block, uintptr_t at,
		  uint32_t from)
{
	struct root_word word = {s.block.n, at};

	place.cell->weak |= place.bit;
	if (!list_add(&s.block, &block, sizeof block) ||
	    !list_add(&s.from, &from, sizeof from) ||
	    (from == FROM_ROOT && !list_add(&s.word, &word, sizeof word)))
		s.failed = -ENOMEM;
	else if (block == s.target)
		s.found = s.block.n - 1;
}

/* Whether the word leads to the block for those who declare objects. */
static bool is_lead(const struct ahead *a, uint32_t declared, uintptr_t block)
{
	return likely(!declared_exist) ||
	       lead_of(declared, a->at, a->word, block) != LEAD_NONE;
}

/* A word to the inside of a block holds it, but not in memory of which nobody
 * knows whose it is. */
static inline void found(struct place place, uintptr_t block,
			 const struct ahead *a, struct reader by)
{
	if (place.cell->weak & place.bit || is_done() ||
	    (s.kind != ROOT_STRONG && a->word != block) ||
	    !is_lead(a, by.declared, block))
		return;
	enter(place, block, a->at, by.number);
}

static __attribute__((noinline)) void look_closely(const struct ahead *a,
						   struct reader by)
{
	uintptr_t block = blocks_find(a->word);

	if (block == BLOCK_NONE && s.ends)
		block = blocks_find_end(a->word);
	if (block != BLOCK_NONE)
		found(blocks_place(block), block, a, by);
}

static inline void look(const struct ahead *a, struct reader by)
{
	uint64_t bit = 1ul << (a->word >> GRANULE_SHIFT & 63);

	if (likely(a->cell && a->cell->begins & bit && !(a->word & 15)))
		found((struct place){a->cell, bit}, a->word, a, by);
	else
		look_closely(a, by);
}

static inline void look_at_oldest(void)
{
	uint32_t i = s.oldest;

	s.oldest = (i + 1) % WORDS_AHEAD;
	s.n--;
	look(&s.ring[i].word, s.ring[i].by);
}

static void look_at_rest(void)
{
	while (s.n)
		look_at_oldest();
}

static inline void look_later(uintptr_t at, uintptr_t word)
{
	struct cell *cell = blocks_cell(word);
	uint32_t i;

	__builtin_prefetch(cell);
	if (s.n == WORDS_AHEAD)
		look_at_oldest();
	i = (s.oldest + s.n++) % WORDS_AHEAD;
	s.ring[i].word = (struct ahead){cell, word, at};
	s.ring[i].by = s.reads;
}

static void visit_run(uintptr_t low, uintptr_t high, void *data)
{
	unsigned step = read_step();
	uintptr_t at = (low + step - 1) & -(uintptr_t)step;

	(void)data;
	for (; at + 8 <= high; at += step) {
		uintptr_t word = read_word(at);

		if (blocks_may_hold(word) &&
		    !(unlikely(s.told) && counts_is_weak(at)))
			look_later(at, word);
	}
}

static void visit_more(uintptr_t at, uintptr_t word, void *data)
{
	(void)data;
	look_later(at, word);
}

/* A link is one whatever its word says. */
static void visit_link(uintptr_t at, uintptr_t block, void *data)
{
	struct place place = blocks_place(block);

	(void)data;
	if (!(place.cell->weak & place.bit) && !is_done())
		enter(place, block, at, s.reads.number);
}

static void read_words(uintptr_t block)
{
	uint64_t size = blocks_size(block);

	if (size >= READ_LARGE || unlikely(fault_skips) ||
	    (s.outer && blocks_is_outer(block))) {
		read_block_runs(block, visit_run, NULL);
		return;
	}
	fault_low = block;
	fault_high = block + size;
	visit_run((block + 7) & -8ul, block + size, NULL);
	fault_low = fault_high = 0;
}

/* Links are looked at now, words later: those before come first. */
static void read_number(uint32_t i)
{
	uintptr_t block = block_of(i);

	s.reads.number = i;
	if (unlikely(declared_exist))
		s.reads.declared = declared_find(block);
	read_words(block);
	if (unlikely(offsets_possible))
		offsets_visit(block, visit_more, NULL);
	if (likely(s.reads.declared == DECLARED_NONE))
		return;
	look_at_rest();
	leads_each(s.reads.declared, visit_link, NULL);
}

static void fetch(uint32_t i)
{
	if (i >= s.block.n)
		return;
	__builtin_prefetch((const void *)block_of(i));
	__builtin_prefetch(heap_words(block_of(i)));
}

/* What is around a stack in a block is a root; the rest of it is none. */
static void read_reached(const struct roots *roots, uint32_t from)
{
	uint32_t i = from;

	s.kind = ROOT_STRONG;
	s.ends = true;
	while (!is_done()) {
		if (i == s.block.n)
			look_at_rest();
		if (i == s.block.n)
			return;
		fetch(i + BLOCKS_AHEAD);
		if (!roots->stack_blocks ||
		    !marked_has_stack(roots, block_of(i)))
			read_number(i);
		i++;
	}
}

static void read_one_root(const struct root *root)
{
	s.kind = root->kind;
	s.ends = !root->explicit;
	read_every_byte(root->code);
	read_root(root, visit_run, NULL);
	read_every_byte(false);
	look_at_rest();
}

/* Variables come first, with all that they hold. What a stack or a register has
 * may be an old word, and mostly passes. What is in memory of which nothing is
 * known says least. */
enum turn { TURN_LASTING, TURN_STACKS, TURN_REGISTERS, TURN_REST, TURNS };

static enum turn turn_of(const struct root *root, const struct stopped *self)
{
	if (root->kind != ROOT_STRONG)
		return TURN_REST;
	if (!root->explicit)
		return TURN_LASTING;
	switch (holder_passing(root->low, self)) {
	case HOLDER_STACK:
		return TURN_STACKS;
	case HOLDER_REGISTER:
		return TURN_REGISTERS;
	default:
		return TURN_LASTING;
	}
}

static void read_roots(const struct roots *roots, const struct stopped *self,
		       enum turn turn)
{
	uint32_t i;

	s.reads = (struct reader){FROM_ROOT, DECLARED_NONE};
	for (i = 0; i < roots->n && !is_done(); i++)
		if (roots->list[i].kind != ROOT_STALE &&
		    turn_of(&roots->list[i], self) == turn)
			read_one_root(&roots->list[i]);
}

/* A stack and registers are one thread's: of paths of one length, the stack's
 * tells more. */
static void read_turns(const struct roots *roots, const struct stopped *self)
{
	enum turn turn;
	uint32_t from = 0;

	for (turn = TURN_LASTING; turn < TURNS && !is_done(); turn++) {
		read_roots(roots, self, turn);
		if (turn == TURN_STACKS)
			continue;
		read_reached(roots, from);
		from = s.block.n;
	}
}

static void enter_decreed(uintptr_t block)
{
	struct place place = blocks_place(block);

	if (!(place.cell->weak & place.bit) && !is_done())
		enter(place, block, 0, FROM_DECREE);
}

/* What is live by decree keeps others, though no root leads to it. */
static void read_decreed(const struct roots *roots)
{
	uint32_t from = s.block.n;

	marked_each(roots, enter_decreed);
	read_reached(roots, from);
}

/* Turns the way back from the target into the way to it: from of each is then
 * the number of the next. */
static void turn_round(struct path *out)
{
	uint32_t i = s.found, next = UINT32_MAX, back = *from_of(i);

	for (; back < FROM_DECREE; i = back, back = *from_of(i)) {
		*from_of(i) = next;
		next = i;
	}
	*from_of(i) = next;
	out->first = i;
	out->by_decree = back == FROM_DECREE;
}

static uintptr_t word_of(uint32_t number)
{
	const struct root_word *words = s.word.list;

	return words[rows_find(words, sizeof *words, s.word.n, number)].at;
}

struct last {
	uintptr_t block, at;
};

static void visit_last(uintptr_t at, uintptr_t word, void *data)
{
	struct last *last = data;

	if (blocks_find(word) == last->block)
		last->at = at;
}

/* The word of the same stack that leads to the block from the outermost frame:
 * those further in may be copies, or old. */
static uintptr_t outermost(const struct roots *roots,
			   const struct stopped *self, uintptr_t block,
			   uintptr_t at)
{
	struct last last = {block, at};
	uint32_t i;

	for (i = 0; i < roots->n; i++)
		if (at - roots->list[i].low <
			    roots->list[i].high - roots->list[i].low &&
		    turn_of(&roots->list[i], self) == TURN_STACKS)
			read_range(roots->list[i].low, roots->list[i].high,
				   roots->list[i].how, visit_last, &last);
	return last.at;
}

int path_find(const struct roots *roots, const struct stopped *self,
	      uintptr_t target, struct path *out)
{
	s.target = target;
	s.found = UINT32_MAX;
	s.told = counts_has_weak();
	s.outer = blocks_have_outer();
	read_turns(roots, self);
	if (!is_done())
		read_decreed(roots);
	*out = (struct path){.target = target};
	if (s.failed || s.found == UINT32_MAX)
		return s.failed;
	out->found = true;
	turn_round(out);
	if (!out->by_decree)
		out->at = outermost(roots, self, block_of(out->first),
				    word_of(out->first));
	return 0;
}

void path_each(const struct path *path, path_fn *visit, void *data)
{
	uint32_t i = path->first, next;
	uintptr_t word = 0;

	if (!path->by_decree)
		word = read_word(path->at);
	visit(BLOCK_NONE, path->at, word, block_of(i), data);
	for (next = *from_of(i); next != UINT32_MAX; next = *from_of(i)) {
		struct step step = step_find(block_of(i), block_of(next));

		visit(block_of(i), step.at, step.word, block_of(next), data);
		i = next;
	}
}
