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
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "process/stopped.h"
#include "scan/ahead.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/fault.h"
#include "scan/leads.h"
#include "scan/marked.h"
#include "scan/offsets.h"
#include "scan/path.h"
#include "scan/reached.h"
#include "scan/read.h"
#include "scan/root.h"
#include "scan/sheet.h"
#include "scan/step.h"
#include "scan/turn.h"

#define BLOCKS_AHEAD 8
static struct search {
	struct list late; /* numbers that are read after all else */
	uint32_t late_at; /* the first of them that has not been passed */
	path_watch_fn *watch;
	void *data;
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

static void enter(struct place place, uintptr_t block, uintptr_t at,
		  uint32_t from)
{
	uint32_t number = reached_count();

	place.cell->weak |= place.bit;
	if (!reached_add(block, at, from))
		s.failed = -ENOMEM;
	else if (block == s.target)
		s.found = number;
	else if (unlikely(s.watch) && s.watch(block, s.data) &&
		 !list_add(&s.late, &number, sizeof number))
		s.failed = -ENOMEM;
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
	uintptr_t block = reached_block(i);

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
	if (i >= reached_count())
		return;
	__builtin_prefetch((const void *)reached_block(i));
	__builtin_prefetch(heap_words(reached_block(i)));
}

/* Numbers come in their order. */
static bool is_late(uint32_t number)
{
	const uint32_t *late = s.late.list;

	if (likely(s.late_at == s.late.n || late[s.late_at] != number))
		return false;
	s.late_at++;
	return true;
}

/* What is around a stack in a block is a root; the rest of it is none. */
static bool is_stack(const struct roots *roots, uint32_t number)
{
	return unlikely(roots->stack_blocks) &&
	       marked_has_stack(roots, reached_block(number));
}

static void read_reached(const struct roots *roots, uint32_t from)
{
	uint32_t i = from;

	s.kind = ROOT_STRONG;
	s.ends = true;
	while (!is_done()) {
		if (i == reached_count())
			look_at_rest();
		if (i == reached_count())
			return;
		fetch(i + BLOCKS_AHEAD);
		if (!is_late(i) && !is_stack(roots, i))
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
static void read_roots(const struct roots *roots, const struct stopped *self,
		       enum turn turn)
{
	uint32_t i;

	s.reads = (struct reader){REACHED_ROOT, DECLARED_NONE};
	for (i = 0; i < roots->n && !is_done(); i++)
		if (roots->list[i].kind != ROOT_STALE &&
		    turn_find(&roots->list[i], self) == turn)
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
		from = reached_count();
	}
}

/* Once a scan has marked, what is reached looks like what is live by decree. */
static void enter_decreed(uintptr_t block)
{
	struct place place = blocks_place(block);
	struct heap_word word = blocks_word(block);

	if (s.watch && heap_is_own(word) && heap_stack(word))
		return;
	if (!(place.cell->weak & place.bit) && !is_done())
		enter(place, block, 0, REACHED_DECREE);
}

/* What is live by decree keeps others, though no root leads to it. */
static void read_decreed(const struct roots *roots)
{
	uint32_t from = reached_count();

	marked_each(roots, enter_decreed);
	read_reached(roots, from);
}

/* Reads what was left for last, and what only that leads to. */
static void read_late(const struct roots *roots)
{
	const uint32_t *late = s.late.list;
	uint32_t from = reached_count(), i;

	s.watch = NULL;
	for (i = 0; i < s.late.n && !is_done(); i++)
		if (!is_stack(roots, late[i]))
			read_number(late[i]);
	read_reached(roots, from);
}

static void begin(uintptr_t target, path_watch_fn *watch, void *data)
{
	s.target = target;
	s.watch = watch;
	s.data = data;
	s.found = UINT32_MAX;
	s.told = counts_has_weak();
	s.outer = blocks_have_outer();
}

void path_to(uint32_t number, const struct roots *roots,
	     const struct stopped *self, struct path *out)
{
	uint32_t by;

	*out = (struct path){.found = true, .target = reached_block(number)};
	out->first = reached_turn(number, &by);
	out->by_decree = by == REACHED_DECREE;
	if (!out->by_decree)
		out->at = turn_outermost(roots, self, reached_block(out->first),
					 reached_word(out->first));
}

void path_back(const struct path *path)
{
	reached_turn_back(path->first,
			  path->by_decree ? REACHED_DECREE : REACHED_ROOT);
}

int path_find(const struct roots *roots, const struct stopped *self,
	      uintptr_t target, struct path *out)
{
	begin(target, NULL, NULL);
	read_turns(roots, self);
	if (!is_done())
		read_decreed(roots);
	*out = (struct path){.target = target};
	if (!s.failed && s.found != UINT32_MAX)
		path_to(s.found, roots, self, out);
	return s.failed;
}

int path_reach(const struct roots *roots, const struct stopped *self,
	       path_watch_fn *watch, void *data)
{
	begin(BLOCK_NONE, watch, data);
	read_turns(roots, self);
	read_decreed(roots);
	read_late(roots);
	return s.failed;
}

void path_free(void)
{
	reached_free();
	list_free(&s.late, sizeof(uint32_t));
}

void path_each(const struct path *path, path_fn *visit, void *data)
{
	uint32_t i = path->first, next;
	uintptr_t word = 0;

	if (!path->by_decree)
		word = read_word(path->at);
	visit(BLOCK_NONE, path->at, word, reached_block(i), data);
	for (next = reached_from(i); next != UINT32_MAX;
	     next = reached_from(i)) {
		struct step step =
			step_find(reached_block(i), reached_block(next));

		visit(reached_block(i), step.at, step.word, reached_block(next),
		      data);
		i = next;
	}
}
