/*
 * See mark.h. Uses a stack of our own instead of recursion. What takes the time
 * is waiting for memory. So both a word's cell and a block's contents are asked
 * for some steps before they are looked at (ahead.h).
 *
 * Snapshot child only.
 */
#include "base/large.h"
#include "base/likely.h"
#include "base/list.h"
#include "scan/ahead.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/candidates.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/fault.h"
#include "scan/fetch.h"
#include "scan/judged.h"
#include "scan/leads.h"
#include "scan/links.h"
#include "scan/mark.h"
#include "scan/marked.h"
#include "scan/marks.h"
#include "scan/read.h"
#include "scan/root.h"
#include "scan/sheet.h"
#include "scan/suspects.h"

#define BLOCKS_AHEAD 8

static struct marker {
	struct marks marks;
	struct ahead_queue words;
	uintptr_t block[BLOCKS_AHEAD];
	uint32_t blocks, blocks_n; /* the oldest; how many */
	bool told;		   /* there are weak slots */
	bool outer;		   /* there are pools in blocks */
	uintptr_t where; /* of what is read: JUDGED_WHOLE, JUDGED_PASSING */
	void (*also)(uintptr_t); /* called for each block that is read */
	bool ends; /* a word that points past a block's end holds it */
	enum root_kind kind; /* of what is read */
} m LARGE;

static void push(uintptr_t block)
{
	marks_push(&m.marks, block);
}

static __attribute__((noinline)) void mark_judged(uintptr_t block,
						  uintptr_t word, uintptr_t at)
{
	uintptr_t to = judged_mark(block, word, at);
	struct place place;

	if (to == BLOCK_NONE)
		return;
	place = blocks_place(to);
	if (!marks_has(&m.marks, place.cell, place.bit))
		marks_set(&m.marks, place.cell, place.bit, to);
}

/* A word, which is at that address, leads to the block. A call of this would
 * cost 2 % of a scan. */
static inline __attribute__((always_inline)) void
mark(struct cell *cell, uint64_t bit, uintptr_t block, uintptr_t word,
     uintptr_t at)
{
	if (marks_has(&m.marks, cell, bit) ||
	    (unlikely(candidates_exist) && candidate_is_put_off(block)))
		return;
	if (unlikely(declared_exist))
		mark_judged(block, word, at);
	else
		marks_set(&m.marks, cell, bit, block);
}

/* Notes the first word that is seen to lead to a block. It stands for all. */
static void note_suspect(struct cell *cell, uint64_t bit, uintptr_t block,
			 uintptr_t word, struct suspect why)
{
	struct place place = {cell, bit};

	if (unlikely(declared_exist)) {
		block = judged_mark(block, word, why.at | JUDGED_DOUBTED);
		if (block == BLOCK_NONE)
			return;
		place = blocks_place(block);
	}
	if ((place.cell->weak | place.cell->strong) & place.bit)
		return;
	place.cell->weak |= place.bit;
	if (!suspects_add(block, why))
		m.marks.failed = -ENOMEM;
}

bool mark_block(uintptr_t block)
{
	struct place place = blocks_place(block);

	if (marks_has(&m.marks, place.cell, place.bit))
		return false;
	mark(place.cell, place.bit, block, 0, 0);
	return marks_has(&m.marks, place.cell, place.bit);
}

void mark_word(uintptr_t word, uintptr_t at)
{
	uintptr_t block = blocks_find(word);
	struct place place;

	if (block == BLOCK_NONE)
		return;
	place = blocks_place(block);
	mark(place.cell, place.bit, block, word, at);
}

void mark_suspect(uintptr_t block, uintptr_t at, enum root_kind kind)
{
	struct place place = blocks_place(block);

	if (m.marks.weak || candidate_is_open(block))
		mark(place.cell, place.bit, block, 0, at);
	else if (!marks_has(&m.marks, place.cell, place.bit))
		note_suspect(place.cell, place.bit, block, 0,
			     (struct suspect){at, kind});
}

static __attribute__((noinline)) void found_doubtful(struct cell *cell,
						     uint64_t bit,
						     uintptr_t block,
						     const struct ahead *a)
{
	if ((m.kind == ROOT_FOREIGN && lead_is_exact(a->word, block)) ||
	    candidate_is_open(block))
		mark(cell, bit, block, a->word, a->at);
	else if (!marks_has(&m.marks, cell, bit))
		note_suspect(cell, bit, block, a->word,
			     (struct suspect){a->at & ~JUDGED_PASSING, m.kind});
}

static inline void found(struct cell *cell, uint64_t bit, uintptr_t block,
			 const struct ahead *a)
{
	if (likely(m.kind == ROOT_STRONG))
		mark(cell, bit, block, a->word, a->at);
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
	uint64_t bit = 1ul << (a->word >> GRANULE_SHIFT & 63);

	if (likely(a->cell->begins & bit && !(a->word & 15))) {
		found(a->cell, bit, a->word, a);
		return;
	}
	bit = ahead_bit(a);
	if (!bit || m.outer || !marks_has(&m.marks, a->cell, bit))
		look_closely(a);
}

static inline void look_at_oldest(void)
{
	struct ahead a = ahead_take(&m.words);

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
	if (m.words.n == WORDS_AHEAD)
		look_at_oldest();
	ahead_put(&m.words, (struct ahead){cell, word, at});
}

static void look_at_rest(void)
{
	while (m.words.n)
		look_at_oldest();
}

static inline void visit_words(uintptr_t low, uintptr_t high, unsigned step)
{
	for (; low + 8 <= high; low += step) {
		uintptr_t word = read_word(low);

		if (blocks_may_hold(word) &&
		    !(unlikely(m.told) && counts_is_weak(low)))
			look_later(word, low | m.where);
	}
}

static void visit_run(uintptr_t low, uintptr_t high, void *data)
{
	unsigned step = read_step();

	(void)data;
	visit_words((low + step - 1) & -(uintptr_t)step, high, step);
}

static inline void visit_all(uintptr_t block)
{
	uint64_t size = blocks_size(block);

	if (size >= READ_LARGE || unlikely(fault_skips) ||
	    (m.outer && blocks_is_outer(block))) {
		read_block_runs(block, visit_run, NULL);
		return;
	}
	fault_low = block;
	fault_high = block + size;
	visit_words((block + 7) & -8ul, block + size, 8);
	fault_low = fault_high = 0;
}

static void visit_halves_run(uintptr_t low, uintptr_t high, void *data)
{
	uintptr_t at = (low + 3) & -4ul;

	(void)data;
	for (; at + 4 <= high; at += 4) {
		uintptr_t half = *(const volatile uint32_t *)at;

		if (blocks_may_hold(half) && !(m.told && counts_is_weak(at)))
			look_later(half, at);
	}
}

/* All that a declared block owns it owns by its links. */
static __attribute__((noinline)) void visit_declared(uintptr_t block)
{
	uint32_t number = declared_find(block), i;
	struct links links;

	if (number == DECLARED_NONE) {
		visit_all(block);
		return;
	}
	if (declared_tells_all(&declared[number]))
		m.where = JUDGED_WHOLE;
	if (!(declared[number].flags & DECLARED_LEAF))
		visit_all(block);
	m.where = 0;
	if (declared[number].flags & DECLARED_HALVES)
		read_block_runs(block, visit_halves_run, NULL);
	links = links_of(number);
	for (i = 0; i < links.n; i++)
		look_later(declared[link_to(links.list[i])].block, JUDGED_LINK);
}

static inline void visit_block(uintptr_t block)
{
	if (unlikely(declared_exist))
		visit_declared(block);
	else
		visit_all(block);
}

static inline void fetch_next(void)
{
	uintptr_t block = marks_pop(&m.marks);

	m.block[(m.blocks + m.blocks_n++) % BLOCKS_AHEAD] = block;
	fetch_block(block);
}

bool mark_is_done(void)
{
	return m.marks.failed || (!m.marks.left && !candidates_exist);
}

/* Marks all that the marked blocks hold. */
static void drain(void)
{
	m.kind = ROOT_STRONG;
	m.ends = true;
	while (!mark_is_done()) {
		while (m.marks.stack.n > m.marks.later &&
		       m.blocks_n < BLOCKS_AHEAD)
			fetch_next();
		if (!m.blocks_n) {
			look_at_rest();
			if (m.marks.stack.n == m.marks.later)
				return;
			continue;
		}
		visit_block(m.block[m.blocks]);
		if (unlikely(m.also))
			m.also(m.block[m.blocks]);
		m.blocks = (m.blocks + 1) % BLOCKS_AHEAD;
		m.blocks_n--;
	}
}

/* Java needs this: compiled code alone holds some blocks, by an immediate
 * operand. */
void mark_root(const struct root *root)
{
	m.kind = root->kind;
	m.ends = !root->explicit; /* stacks are full of ends of loops */
	m.where = root->explicit ? JUDGED_PASSING : 0;
	read_every_byte(root->code);
	read_root(root, visit_run, NULL);
	read_every_byte(false);
	look_at_rest();
	m.where = 0;
	drain();
}

static void push_suspect(uintptr_t block)
{
	struct place place = blocks_place(block);

	if (!(place.cell->strong & place.bit))
		push(block);
}

void mark_suspects(void)
{
	m.marks.weak = true;
	suspects_each(push_suspect);
}

void mark_also(void (*also)(uintptr_t block))
{
	m.also = also;
}

int mark_held(void)
{
	drain();
	return m.marks.failed;
}

/* A forked child's own blocks are few beside its parent's, which are live by
 * decree, and its variables hold most of them. Those are read first. The
 * parent's blocks are read only while one of its own is not found. */
void mark_begin(const struct roots *roots)
{
	m.told = counts_has_weak();
	m.outer = blocks_have_outer();
	marked_each(roots, push);
	m.marks.later = m.marks.stack.n;
	m.marks.left = marked_left();
}

void mark_parents(void)
{
	m.marks.later = 0;
}

uint64_t mark_left(void)
{
	return m.marks.left;
}

void mark_end(void)
{
	list_free(&m.marks.stack, sizeof(uintptr_t));
}

void mark_more(uintptr_t block, struct place place)
{
	marks_add(&m.marks, place.cell, place.bit, block);
}

void mark_rest(void)
{
	m.marks.weak = false;
	m.also = NULL;
	m.marks.left = UINT64_MAX; /* not counted any more */
	drain();
	mark_end();
}
