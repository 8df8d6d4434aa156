/*
 * See mark.h. Two passes of marking, strong and then suspect, with a stack of
 * our own instead of recursion. What takes the time is waiting for memory, so
 * both a word's cell and a block's contents are asked for some steps before
 * they are looked at (Boehm 2000; Cher, Hosking and Vitek 2004).
 *
 * Snapshot child only.
 */
#include <errno.h>
#include <string.h>
#include "candidates.h"
#include "counts.h"
#include "halves.h"
#include "late.h"
#include "likely.h"
#include "list.h"
#include "mark.h"
#include "marked.h"
#include "offsets.h"
#include "packed.h"
#include "suspects.h"

#define BLOCKS_AHEAD 8

static struct marker {
	struct list stack; /* blocks to read, ... */
	uint32_t later;	   /* ... of them those to be read last */
	uint64_t left;	   /* blocks that are not marked strong */
	struct ahead word[WORDS_AHEAD];
	uint32_t words, words_n; /* the oldest; how many */
	uintptr_t block[BLOCKS_AHEAD];
	uint32_t blocks, blocks_n; /* the oldest; how many */
	bool weak;		   /* marks are weak */
	bool told;		   /* there are weak slots */
	bool outer;		   /* there are pools in blocks */
	bool packed;		   /* words at any byte count */
	bool ends;		   /* who points past a block's end holds it */
	enum root_kind kind;	   /* of what is read */
	int failed;
} m;

static inline void push(uintptr_t block)
{
	if (likely(m.stack.n < m.stack.room))
		((uintptr_t *)m.stack.list)[m.stack.n++] = block;
	else if (!list_add(&m.stack, &block, sizeof block))
		m.failed = -ENOMEM;
}

static inline bool is_marked(const struct cell *cell, uint64_t bit)
{
	return (cell->strong | (m.weak ? cell->weak : 0)) & bit;
}

static inline void mark(struct cell *cell, uint64_t bit, uintptr_t block)
{
	if (is_marked(cell, bit) ||
	    (unlikely(candidates_exist) && candidate_is_put_off(block)))
		return;
	if (unlikely(m.weak)) {
		cell->weak |= bit;
	} else {
		cell->strong |= bit;
		m.left--;
	}
	push(block);
}

/* The first word that is seen to lead to a block stands for all. */
static void note_suspect(struct cell *cell, uint64_t bit, uintptr_t block,
			 struct suspect why)
{
	if (cell->weak & bit)
		return;
	cell->weak |= bit;
	if (!suspects_add(block, why))
		m.failed = -ENOMEM;
}

bool mark_block(uintptr_t block)
{
	struct place place = blocks_place(block);

	if (is_marked(place.cell, place.bit))
		return false;
	mark(place.cell, place.bit, block);
	return is_marked(place.cell, place.bit);
}

void mark_suspect(uintptr_t block, uintptr_t at, enum root_kind kind)
{
	struct place place = blocks_place(block);

	if (m.weak || candidate_is_open(block))
		mark(place.cell, place.bit, block);
	else if (!is_marked(place.cell, place.bit))
		note_suspect(place.cell, place.bit, block,
			     (struct suspect){at, kind});
}

static __attribute__((noinline)) void found_doubtful(struct cell *cell,
						     uint64_t bit,
						     uintptr_t block,
						     const struct ahead *a)
{
	if ((m.kind == ROOT_FOREIGN && a->word == block) ||
	    candidate_is_open(block))
		mark(cell, bit, block);
	else if (!is_marked(cell, bit))
		note_suspect(cell, bit, block, (struct suspect){a->at, m.kind});
}

static inline void found(struct cell *cell, uint64_t bit, uintptr_t block,
			 const struct ahead *a)
{
	if (likely(m.kind == ROOT_STRONG))
		mark(cell, bit, block);
	else
		found_doubtful(cell, bit, block, a);
}

static __attribute__((noinline)) void look_closely(const struct ahead *a)
{
	uintptr_t block = blocks_find(a->word);
	struct place place;

	if (block == BLOCK_NONE && m.ends)
		block = blocks_find_end(a->word);
	if (block == BLOCK_NONE)
		return;
	place = blocks_place(block);
	found(place.cell, place.bit, block, a);
}

/* A word to the first byte of a block has its own bit in the cell. */
static inline void look(const struct ahead *a)
{
	uint64_t bit = 1ul << (a->word >> GRANULE & 63);

	if (likely(a->cell->begins & bit && !(a->word & 15))) {
		found(a->cell, bit, a->word, a);
		return;
	}
	bit = ahead_bit(a);
	if (!bit || m.outer || !is_marked(a->cell, bit))
		look_closely(a);
}

static inline void look_at_oldest(void)
{
	struct ahead a = m.word[m.words];

	m.words = (m.words + 1) % WORDS_AHEAD;
	m.words_n--;
	look(&a);
}

static inline void look_later(uintptr_t word, uintptr_t at)
{
	struct cell *cell = blocks_cell(word);

	if (unlikely(!cell)) {
		look_closely(&(struct ahead){NULL, word, at});
		return;
	}
	__builtin_prefetch(cell);
	if (m.words_n == WORDS_AHEAD)
		look_at_oldest();
	m.word[(m.words + m.words_n++) % WORDS_AHEAD] =
		(struct ahead){cell, word, at};
}

static void look_at_rest(void)
{
	while (m.words_n)
		look_at_oldest();
}

struct any_place {
	uintptr_t word;
} __attribute__((packed));

static inline void read_words(uintptr_t low, uintptr_t high, unsigned step)
{
	for (; low + 8 <= high; low += step) {
		uintptr_t word = ((const volatile struct any_place *)low)->word;

		if (blocks_may_hold(word) &&
		    !(unlikely(m.told) && counts_is_weak(low)))
			look_later(word, low);
	}
}

static void read_run(uintptr_t low, uintptr_t high, void *data)
{
	unsigned step = scan_step();

	(void)data;
	read_words((low + step - 1) & -(uintptr_t)step, high, step);
}

static inline void read_block(uintptr_t block)
{
	uint64_t size = blocks_size(block);

	if (size >= SCAN_LARGE || (m.outer && blocks_is_outer(block))) {
		scan_block_runs(block, read_run, NULL);
		return;
	}
	scan_low = block;
	scan_high = block + size;
	read_words((block + 7) & -8ul, block + size, 8);
	scan_low = scan_high = 0;
}

static inline void fetch_block(void)
{
	uintptr_t block = ((uintptr_t *)m.stack.list)[--m.stack.n];

	m.block[(m.blocks + m.blocks_n++) % BLOCKS_AHEAD] = block;
	__builtin_prefetch((const void *)block);
	__builtin_prefetch(heap_words(block));
}

bool mark_is_done(void)
{
	return m.failed || (!m.left && !candidates_exist);
}

/* What is read again for those that are marked strong. */
static __attribute__((noinline)) void read_weak(uintptr_t block)
{
	if (halves_possible)
		halves_mark_block(block);
	if (offsets_possible)
		offsets_mark_block(block);
}

/* All that the marked ones hold is marked. */
static void drain(void)
{
	m.kind = ROOT_STRONG;
	m.ends = true;
	while (!mark_is_done()) {
		while (m.stack.n > m.later && m.blocks_n < BLOCKS_AHEAD)
			fetch_block();
		if (!m.blocks_n) {
			look_at_rest();
			if (m.stack.n == m.later)
				return;
			continue;
		}
		read_block(m.block[m.blocks]);
		if (unlikely(m.weak))
			read_weak(m.block[m.blocks]);
		if (unlikely(m.packed))
			packed_mark_block(m.block[m.blocks]);
		m.blocks = (m.blocks + 1) % BLOCKS_AHEAD;
		m.blocks_n--;
	}
}

/* Seen in Java: what compiled code holds alone, as an immediate operand. */
static void read_root(const struct root *root)
{
	m.kind = root->kind;
	m.ends = !root->explicit; /* stacks are full of ends of loops */
	scan_every_byte(root->code);
	scan_root(root, read_run, NULL);
	scan_every_byte(false);
	look_at_rest();
	drain();
}

static void push_suspect(uintptr_t block)
{
	struct place place = blocks_place(block);

	if (!(place.cell->strong & place.bit))
		push(block);
}

/* From here on marks are weak. */
static void enter_suspects(void)
{
	m.weak = true;
	suspects_each(push_suspect);
}

/* What they lead to may hold more such blocks. */
static void look_at_offsets(void)
{
	while (offsets_possible && m.left && !m.failed && offsets_mark())
		drain();
}

int mark_reached(void)
{
	drain();
	look_at_offsets();
	return m.failed;
}

/* The trial for what is live, and again with what a suspect may hold. */
static int mark_candidates(const struct roots *roots, struct arena *arena)
{
	int err = candidates_try(arena);

	if (!err && m.left)
		halves_mark(roots);
	if (!err && (suspects_exist() || halves_possible)) {
		enter_suspects();
		err = candidates_try(arena);
	}
	if (!err)
		candidates_end();
	return err;
}

/* All that was read, once more. What is reached so is read in both ways. */
static void mark_packed(const struct roots *roots)
{
	packed_mark(roots);
	m.packed = true;
	drain();
	m.packed = false;
}

/* Only now that there are blocks that nothing is seen to hold. */
static int look_late(struct roots *roots)
{
	uint32_t i, first = roots->n;
	int err = late_find(roots);

	for (i = first; i < roots->n && !err && !mark_is_done(); i++)
		read_root(&roots->list[i]);
	if (!err && m.left)
		mark_packed(roots);
	return err;
}

int mark_all(struct roots *roots, struct arena *arena)
{
	uint32_t i;
	int err;

	m.told = counts_has_weak();
	m.outer = blocks_have_outer();
	/* A forked child's own blocks are few beside its parent's, which are
	 * live by decree, and most are held by its variables. These are read
	 * first, the parent's blocks only while one of its own is not found. */
	marked_each(roots, push);
	m.later = m.stack.n;
	m.left = marked_left();
	err = candidates_begin(arena);
	if (err)
		return err;
	for (i = 0; i < roots->n && !mark_is_done(); i++)
		read_root(&roots->list[i]);
	m.later = 0;
	err = mark_reached();
	if (m.left && !err)
		err = look_late(roots);
	if (err)
		return err;
	look_at_offsets();
	if (candidates_exist) {
		err = mark_candidates(roots, arena);
	} else {
		if (m.left && !m.failed)
			halves_mark(roots);
		enter_suspects();
		drain();
	}
	list_free(&m.stack, sizeof(uintptr_t));
	return err ? err : m.failed;
}

void mark_more(uintptr_t block, struct place place)
{
	if (place.cell->strong & place.bit)
		return;
	place.cell->strong |= place.bit;
	push(block);
}

void mark_rest(void)
{
	m.weak = false;
	m.left = UINT64_MAX; /* not counted any more */
	drain();
	list_free(&m.stack, sizeof(uintptr_t));
}
