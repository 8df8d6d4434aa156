/*
 * See search.h. What takes the time is waiting for memory. Blocks are read in
 * the order in which they are reached, so the next ones are known, and are
 * asked for before they are read (fetch.h); so are the cells of words.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include "base/large.h"
#include "base/likely.h"
#include "base/list.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/fault.h"
#include "scan/fetch.h"
#include "scan/leads.h"
#include "scan/marked.h"
#include "scan/offsets.h"
#include "scan/reached.h"
#include "scan/read.h"
#include "scan/root.h"
#include "scan/search.h"
#include "scan/sheet.h"

#define BLOCKS_AHEAD 16
#define WORDS_AHEAD 16

/* The block in which a word is. */
struct reader {
	uint32_t number;
	uint32_t declared; /* its declared number */
};

struct ahead {
	struct cell *cell;
	uintptr_t word, at;
	struct reader by;
};

static struct search {
	struct list late; /* numbers that are read after all else */
	uint32_t late_at; /* the first of them that has not been passed */
	search_watch_fn *watch;
	void *data;
	uintptr_t target;
	uint32_t found; /* its number, or SEARCH_NONE */
	struct reader reads;
	enum root_kind kind;
	bool ends, told, outer;
	/* Words that are collected, and before them those whose cells are on
	 * their way. */
	struct batch {
		struct ahead word[WORDS_AHEAD];
		uint32_t n;
	} batch[2];
	bool collects; /* into which of them */
	/* All blocks before `fetched` were asked for by their first lines.
	 * Those before `fetched_whole` were asked for by all lines. */
	uint32_t fetched, fetched_whole;
	int failed;
} s LARGE;

void search_begin(uintptr_t target, search_watch_fn *watch, void *data)
{
	s.target = target;
	s.watch = watch;
	s.data = data;
	s.found = SEARCH_NONE;
	s.reads.declared = DECLARED_NONE;
	s.told = counts_has_weak();
	s.outer = blocks_have_outer();
}

bool search_is_done(void)
{
	return s.failed || s.found != SEARCH_NONE;
}

int search_failed(void)
{
	return s.failed;
}

uint32_t search_found(void)
{
	return s.found;
}

void search_free(void)
{
	list_free(&s.late, sizeof(uint32_t));
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
static bool is_lead(const struct ahead *a, uintptr_t block)
{
	return likely(!declared_exist) ||
	       lead_of(a->by.declared, a->at, a->word, block) != LEAD_NONE;
}

/* A word that leads inside a block holds it. But in memory whose owner is not
 * known, only a word to the first byte does. */
static inline void found(struct place place, uintptr_t block,
			 const struct ahead *a)
{
	if (place.cell->weak & place.bit || search_is_done() ||
	    (s.kind != ROOT_STRONG && a->word != block) || !is_lead(a, block))
		return;
	enter(place, block, a->at, a->by.number);
}

static __attribute__((noinline)) void look_closely(const struct ahead *a)
{
	uintptr_t block = blocks_find(a->word);

	if (block == BLOCK_NONE && s.ends)
		block = blocks_find_end(a->word);
	if (block != BLOCK_NONE)
		found(blocks_place(block), block, a);
}

static inline void look(const struct ahead *a)
{
	uint64_t bit = 1ul << (a->word >> GRANULE_SHIFT & 63);

	if (likely(a->cell && a->cell->begins & bit && !(a->word & 15)))
		found((struct place){a->cell, bit}, a->word, a);
	else
		look_closely(a);
}

static void look_at_batch(struct batch *batch)
{
	uint32_t i;

	for (i = 0; i < batch->n; i++)
		look(&batch->word[i]);
	batch->n = 0;
}

static void fetch_cells(struct batch *batch)
{
	uint32_t i;

	for (i = 0; i < batch->n; i++) {
		batch->word[i].cell = blocks_cell(batch->word[i].word);
		__builtin_prefetch(batch->word[i].cell);
	}
}

/* Asks for the cells of the words that were collected. Then looks at the words
 * before these: their cells are there by now. */
static __attribute__((noinline)) void turn_batches(void)
{
	fetch_cells(&s.batch[s.collects]);
	s.collects = !s.collects;
	look_at_batch(&s.batch[s.collects]);
}

static void look_at_rest(void)
{
	struct batch *last = &s.batch[s.collects];

	turn_batches();
	look_at_batch(last);
}

/* There is nothing else to be read while the cells come. So the blocks to which
 * the words may lead are asked for together with the cells. */
static void look_at_rest_now(void)
{
	uint32_t i, k;

	for (i = 0; i < 2; i++)
		for (k = 0; k < s.batch[i].n; k++)
			fetch_block(s.batch[i].word[k].word);
	look_at_rest();
}

static inline void look_later(uintptr_t at, uintptr_t word)
{
	struct batch *batch = &s.batch[s.collects];

	batch->word[batch->n++] = (struct ahead){NULL, word, at, s.reads};
	if (batch->n == WORDS_AHEAD)
		turn_batches();
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

/* A link leads to its block, whatever its word is. */
static void visit_link(uintptr_t at, uintptr_t block, void *data)
{
	struct place place = blocks_place(block);

	(void)data;
	if (!(place.cell->weak & place.bit) && !search_is_done())
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

/* A link is looked at immediately, a word later. So the words that wait are
 * looked at before the links. */
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

/* Asks for the blocks that come after number i. */
static void fetch(uint32_t i)
{
	uint32_t n = reached_count(), to = i + 2 * BLOCKS_AHEAD, k;

	to = to < n ? to : n;
	for (k = s.fetched_whole; k < s.fetched; k++)
		fetch_lines(reached_block(k));
	for (k = s.fetched; k < to; k++)
		fetch_block(reached_block(k));
	s.fetched_whole = s.fetched;
	s.fetched = to;
}

/* To be asked in ascending order. */
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

void search_from(const struct roots *roots, uint32_t from)
{
	uint32_t i = from;

	s.kind = ROOT_STRONG;
	s.ends = true;
	s.fetched = s.fetched_whole = from;
	while (!search_is_done()) {
		if (i == reached_count())
			look_at_rest_now();
		if (i == reached_count())
			return;
		if (s.fetched < i + BLOCKS_AHEAD)
			fetch(i);
		if (!is_late(i) && !is_stack(roots, i))
			read_number(i);
		i++;
	}
}

void search_root(const struct root *root)
{
	s.reads = (struct reader){REACHED_ROOT, DECLARED_NONE};
	s.kind = root->kind;
	s.ends = !root->explicit;
	read_every_byte(root->code);
	read_root(root, visit_run, NULL);
	read_every_byte(false);
	look_at_rest();
}

void search_decreed(uintptr_t block)
{
	struct place place = blocks_place(block);
	struct heap_word word = blocks_word(block);

	if (s.watch && heap_is_own(word) && heap_stack(word))
		return;
	if (!(place.cell->weak & place.bit) && !search_is_done())
		enter(place, block, 0, REACHED_DECREE);
}

void search_late(const struct roots *roots)
{
	const uint32_t *late = s.late.list;
	uint32_t i;

	s.watch = NULL;
	for (i = 0; i < s.late.n && !search_is_done(); i++)
		if (!is_stack(roots, late[i]))
			read_number(late[i]);
}
