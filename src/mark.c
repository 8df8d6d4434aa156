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
#include "counts.h"
#include "halves.h"
#include "late.h"
#include "likely.h"
#include "list.h"
#include "mark.h"
#include "offsets.h"
#include "packed.h"

#define BLOCKS_AHEAD 8

/* Of a candidate: its counts decide. */
enum state {
	OPEN,
	HELD, /* a word of live memory points at it */
	ENTERED,
	DEAD,
};

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
	uint8_t *state;		   /* of candidates; NULL: there are none */
	struct list suspects;
	int failed;
} m;

struct noted {
	uintptr_t block;
	struct suspect why;
};

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

/* Candidates are not entered before it is clear which are dead. */
static __attribute__((noinline)) bool is_put_off(uintptr_t block)
{
	uint32_t candidate = counts_candidate(block);

	if (candidate == CANDIDATE_NONE || m.state[candidate] > HELD)
		return false;
	m.state[candidate] = HELD;
	return true;
}

static inline void mark(struct cell *cell, uint64_t bit, uintptr_t block)
{
	if (is_marked(cell, bit) ||
	    (unlikely(m.state != NULL) && is_put_off(block)))
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
	struct noted noted = {block, why};

	if (cell->weak & bit)
		return;
	cell->weak |= bit;
	if (!list_add(&m.suspects, &noted, sizeof noted))
		m.failed = -ENOMEM;
}

static bool is_open(uintptr_t block)
{
	uint32_t candidate = m.state ? counts_candidate(block) : CANDIDATE_NONE;

	return candidate != CANDIDATE_NONE && m.state[candidate] <= HELD;
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

	if (m.weak || is_open(block))
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
	if ((m.kind == ROOT_FOREIGN && a->word == block) || is_open(block))
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

static void found_packed(uintptr_t word, uintptr_t at)
{
	struct cell *cell = blocks_cell(word);
	uint64_t bit = 1ul << (word >> GRANULE & 63);

	if (cell && cell->begins & bit && !(word & 15) &&
	    !(m.told && counts_is_weak(at)))
		mark(cell, bit, word);
}

static void read_packed(uintptr_t low, uintptr_t high, void *data)
{
	(void)data;
	packed_read(low, high, found_packed);
}

static void read_packed_block(uintptr_t block)
{
	uint64_t size = blocks_size(block);

	if (size >= SCAN_LARGE || (m.outer && blocks_is_outer(block))) {
		scan_block_runs(block, read_packed, NULL);
		return;
	}
	scan_low = block;
	scan_high = block + size;
	packed_read(block, block + size, found_packed);
	scan_low = scan_high = 0;
}

static inline void fetch_block(void)
{
	uintptr_t block = ((uintptr_t *)m.stack.list)[--m.stack.n];

	m.block[(m.blocks + m.blocks_n++) % BLOCKS_AHEAD] = block;
	__builtin_prefetch((const void *)block);
	__builtin_prefetch(heap_words(block));
}

/* Nothing that may still be read could change anything. */
static bool is_done(void)
{
	return m.failed || (!m.left && !m.state);
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
	while (!is_done()) {
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
			read_packed_block(m.block[m.blocks]);
		m.blocks = (m.blocks + 1) % BLOCKS_AHEAD;
		m.blocks_n--;
	}
}

void mark_between(const struct root *root, scan_run_fn *run, void *data)
{
	uintptr_t at = root->low, block;

	if (root->explicit) {
		scan_runs(at, root->high, root->how, run, data);
		return;
	}
	block = blocks_find(at);
	if (block)
		at = block + blocks_size(block);
	for (block = blocks_from(at); at < root->high;) {
		uintptr_t end =
			block && block < root->high ? block : root->high;

		if (at < end)
			scan_runs(at, end, root->how, run, data);
		if (end == root->high)
			break;
		if (at < block + blocks_size(block))
			at = block + blocks_size(block);
		block = blocks_from(block + 1);
	}
}

/* Seen in Java: what compiled code holds alone, as an immediate operand. */
static void read_root(const struct root *root)
{
	m.kind = root->kind;
	m.ends = !root->explicit; /* stacks are full of ends of loops */
	scan_every_byte(root->code);
	mark_between(root, read_run, NULL);
	scan_every_byte(false);
	look_at_rest();
	drain();
}

static void push_decreed(void)
{
	uint32_t i, k;

	for (i = 0; i < blocks_pages_n; i++) {
		const struct page *page = blocks_pages[i];

		for (k = 0; k < page_cells(page); k++) {
			uint64_t bits = page->cell[k].strong;

			for (; bits; bits &= bits - 1)
				push(cell_address(page, k,
						  __builtin_ctzl(bits)));
		}
	}
}

void mark_hide_stacks(const struct roots *roots, bool hidden)
{
	uint32_t i;

	for (i = 0; i < roots->stack_blocks; i++) {
		struct place place = blocks_place(roots->stack_block[i]);

		if (hidden)
			place.cell->strong &= ~place.bit;
		else
			place.cell->strong |= place.bit;
	}
}

/* What is around a stack in a block is a root: the block is not read again. */
static void mark_decreed(const struct roots *roots)
{
	mark_hide_stacks(roots, true);
	push_decreed();
	mark_hide_stacks(roots, false);
}

/* A forked child's own blocks are few beside its parent's, which are live by
 * decree, and most are held by its variables: these are read first, the
 * parent's blocks only while one of its own is not found. */
static void put_off_decreed(void)
{
	uint32_t i, k;

	m.later = m.stack.n;
	for (i = 0; i < blocks_pages_n; i++) {
		const struct page *page = blocks_pages[i];

		for (k = 0; k < page_cells(page); k++)
			m.left += count_bits(page->cell[k].begins &
					     ~page->cell[k].strong);
	}
}

/* What is live by decree is no candidate. */
static int hold_candidates(struct arena *arena)
{
	const struct candidates *c = counts_candidates();
	uint32_t i;

	if (!c->n)
		return 0;
	m.state = arena_array(arena, c->n, 1);
	if (!m.state)
		return -ENOMEM;
	for (i = 0; i < c->n; i++) {
		struct place place = blocks_place(c->block[i]);

		if (!(place.cell->strong & place.bit))
			continue;
		m.state[i] = ENTERED;
		counts_keep(i);
	}
	return 0;
}

/* Enters those that the trial finds live and that live memory points at;
 * false when there are none. */
static bool enter_live(const bool *dead)
{
	const struct candidates *c = counts_candidates();
	bool any = false;
	uint32_t i;

	for (i = 0; i < c->n; i++) {
		struct place place;

		if (dead[i] || m.state[i] != HELD)
			continue;
		m.state[i] = ENTERED;
		place = blocks_place(c->block[i]);
		mark(place.cell, place.bit, c->block[i]);
		any = true;
	}
	return any;
}

/* From here on marks are weak. */
static void enter_suspects(void)
{
	const struct noted *list = m.suspects.list;
	uint32_t i;

	m.weak = true;
	for (i = 0; i < m.suspects.n; i++) {
		struct place place = blocks_place(list[i].block);

		if (!(place.cell->strong & place.bit))
			push(list[i].block);
	}
}

/* What they lead to may hold more such blocks. */
static void look_at_offsets(void)
{
	while (offsets_possible && m.left && !m.failed && offsets_mark())
		drain();
}

/* A live candidate may hold another, through blocks that are none: as long as
 * that happens the trial is held again. */
static int try_candidates(bool *dead, bool *outside, struct arena *arena)
{
	const struct candidates *c = counts_candidates();
	uint32_t i;
	int err;

	do {
		drain();
		look_at_offsets();
		for (i = 0; i < c->n; i++)
			outside[i] = m.state[i] != OPEN;
		err = m.failed ? m.failed : counts_trial(outside, dead, arena);
		if (err)
			return err;
	} while (enter_live(dead));
	return 0;
}

/* The trial for what is live, and again with what a suspect may hold. */
static int mark_candidates(const struct roots *roots, struct arena *arena)
{
	const struct candidates *c = counts_candidates();
	bool *dead = arena_array(arena, c->n + 1, 1);
	bool *outside = arena_array(arena, c->n + 1, 1);
	uint32_t i;
	int err;

	if (!dead || !outside)
		return -ENOMEM;
	err = try_candidates(dead, outside, arena);
	if (!err && m.left)
		halves_mark(roots);
	if (!err && (m.suspects.n || halves_possible)) {
		enter_suspects();
		err = try_candidates(dead, outside, arena);
	}
	for (i = 0; !err && i < c->n; i++)
		if (m.state[i] <= HELD && dead[i])
			m.state[i] = DEAD;
	return err;
}

static bool has_stack(const struct roots *roots, uintptr_t block)
{
	uint32_t i;

	for (i = 0; i < roots->stack_blocks; i++)
		if (roots->stack_block[i] == block)
			return true;
	return false;
}

static void read_packed_cell(const struct roots *roots, const struct page *page,
			     uint32_t k)
{
	uint64_t bits = page->cell[k].begins & page->cell[k].strong;

	for (; bits && !is_done(); bits &= bits - 1) {
		uintptr_t block = cell_address(page, k, __builtin_ctzl(bits));

		if (!has_stack(roots, block))
			read_packed_block(block);
	}
}

/* All that was read, once more. What is reached so is read in both ways. */
static void read_all_packed(const struct roots *roots)
{
	uint32_t i, k;

	packed_begin();
	for (i = 0; i < roots->n; i++)
		if (roots->list[i].kind != ROOT_STALE)
			mark_between(&roots->list[i], read_packed, NULL);
	for (i = 0; i < blocks_pages_n; i++)
		for (k = 0; k < page_cells(blocks_pages[i]); k++)
			read_packed_cell(roots, blocks_pages[i], k);
	m.packed = true;
	drain();
	m.packed = false;
}

/* Only now that there are blocks that nothing is seen to hold. */
static int look_late(struct roots *roots)
{
	uint32_t i, first = roots->n;
	int err = late_find(roots);

	for (i = first; i < roots->n && !err && !is_done(); i++)
		read_root(&roots->list[i]);
	if (!err && m.left)
		read_all_packed(roots);
	return err;
}

int mark_all(struct roots *roots, struct arena *arena)
{
	uint32_t i;
	int err;

	m.told = counts_has_weak();
	m.outer = blocks_have_outer();
	mark_decreed(roots);
	put_off_decreed();
	err = hold_candidates(arena);
	if (err)
		return err;
	for (i = 0; i < roots->n && !is_done(); i++)
		read_root(&roots->list[i]);
	m.later = 0;
	drain();
	look_at_offsets();
	if (m.left && !m.failed)
		err = look_late(roots);
	if (err)
		return err;
	look_at_offsets();
	if (m.state) {
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

bool mark_is_dead(uintptr_t block)
{
	uint32_t candidate = m.state ? counts_candidate(block) : CANDIDATE_NONE;

	return candidate != CANDIDATE_NONE && m.state[candidate] == DEAD;
}

struct suspect scan_suspect(uintptr_t block)
{
	const struct noted *list = m.suspects.list;
	uint32_t i;

	for (i = 0; i < m.suspects.n; i++)
		if (list[i].block == block)
			return list[i].why;
	return (struct suspect){0};
}
