/*
 * See scan.h. What marking has not reached becomes the graph. Each block is
 * read once. The cells of its words are asked for some steps before they are
 * looked at, as in mark.c.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/bits.h"
#include "base/large.h"
#include "base/likely.h"
#include "base/list.h"
#include "graph/graph.h"
#include "refs/refs.h"
#include "scan/ahead.h"
#include "scan/apart.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/fault.h"
#include "scan/halves.h"
#include "scan/judged.h"
#include "scan/late.h"
#include "scan/leads.h"
#include "scan/lone.h"
#include "scan/nodes.h"
#include "scan/offsets.h"
#include "scan/reach.h"
#include "scan/read.h"
#include "scan/root.h"
#include "scan/scan.h"
#include "scan/scanned.h"
#include "scan/words.h"

static struct rows {
	uint32_t *row;
	uint64_t *linked; /* bits: an edge begins or ends there */
	uint32_t next;	  /* the first node whose row has not begun */
	uint32_t node;	  /* the node that is being read */
	struct list to;
	struct list back, since; /* when fields have names */
	struct list link;	 /* when runtimes have declared some */
	struct {
		struct ahead word;
		uint32_t node, from; /* from: its declared number */
		bool undecided;
	} ring[WORDS_AHEAD];
	uint32_t oldest, from;
	bool undecided; /* the node that is being read is */
	bool told, weak, outer;
	int failed;
} rows LARGE;

static void note_field(uintptr_t at)
{
	const struct ref_slot *slot = counts_slot(at);
	uint8_t back = 0;
	uint64_t since = 0;

	if (slot && slot->flags & SLOT_LINK) {
		back = counts_is_back(slot->field);
		since = slot->time;
	}
	if (!list_add(&rows.back, &back, sizeof back) ||
	    !list_add(&rows.since, &since, sizeof since))
		rows.failed = -ENOMEM;
}

/* Words come in the order of their nodes. */
static void add_edge(uint32_t from, uint32_t to, uintptr_t at)
{
	if (rows.next <= from)
		bit_set(rows.linked, from);
	while (rows.next <= from)
		rows.row[rows.next++] = rows.to.n;
	bit_set(rows.linked, to);
	if (!list_add(&rows.to, &to, sizeof to))
		rows.failed = -ENOMEM;
	else if (rows.told)
		note_field(at);
}

static uint32_t look_closely(uintptr_t word)
{
	uintptr_t block = blocks_find(word);

	return nodes_find(block != BLOCK_NONE ? block : blocks_find_end(word));
}

static uint32_t look(const struct ahead *a)
{
	uint64_t bit;

	if (!a->cell)
		return look_closely(a->word);
	bit = ahead_bit(a);
	if (bit && ahead_block(a, bit) == a->word)
		return node_at(a->cell, bit);
	if (bit && !rows.outer && !(cell_nodes(a->cell) & bit))
		return NODE_NONE;
	return look_closely(a->word);
}

/* The same where runtimes have declared objects. */
static __attribute__((noinline)) void look_declared(const struct ahead *a,
						    uint32_t node,
						    uint32_t from,
						    bool undecided)
{
	uintptr_t at = a->at & ~JUDGED_LINK, block = a->word;
	uint8_t link = at != a->at;
	uint32_t to;

	if (!link) {
		block = blocks_find(a->word);
		if (block == BLOCK_NONE)
			block = blocks_find_end(a->word);
	}
	to = nodes_find(block);
	if (to == NODE_NONE || (!undecided && apart_has(block)))
		return;
	if (!link) {
		enum lead lead = lead_of(from, at, a->word, block);

		if (lead == LEAD_NONE)
			return;
		link = lead == LEAD_PART;
	}
	add_edge(node, to, at);
	if (!list_add(&rows.link, &link, sizeof link))
		rows.failed = -ENOMEM;
}

static void look_at_oldest(void)
{
	uint32_t i = rows.oldest, to;

	rows.oldest = (i + 1) % WORDS_AHEAD;
	if (!rows.ring[i].word.word)
		return;
	if (unlikely(declared_exist)) {
		look_declared(&rows.ring[i].word, rows.ring[i].node,
			      rows.ring[i].from, rows.ring[i].undecided);
	} else {
		to = look(&rows.ring[i].word);
		if (to != NODE_NONE)
			add_edge(rows.ring[i].node, to, rows.ring[i].word.at);
	}
	rows.ring[i].word.word = 0;
}

static inline void look_later(uintptr_t at, uintptr_t word)
{
	uint32_t i = rows.oldest;

	look_at_oldest();
	rows.ring[i].word.cell = blocks_cell(word);
	rows.ring[i].word.word = word;
	rows.ring[i].word.at = at;
	rows.ring[i].node = rows.node;
	rows.ring[i].from = rows.from;
	rows.ring[i].undecided = rows.undecided;
	__builtin_prefetch(rows.ring[i].word.cell);
}

static void visit_more(uintptr_t at, uintptr_t to, void *data)
{
	(void)data;
	look_later(at, to);
}

static void visit_link(uintptr_t at, uintptr_t block, void *data)
{
	(void)data;
	look_later(at | JUDGED_LINK, block);
}

static void visit_run(uintptr_t low, uintptr_t high, void *data)
{
	uintptr_t at = (low + 7) & -8ul;

	(void)data;
	for (; at + 8 <= high; at += 8) {
		uintptr_t word = *(const volatile uintptr_t *)at;

		if (blocks_may_hold(word) && !(rows.weak && counts_is_weak(at)))
			look_later(at, word);
	}
	if (unlikely(halves_possible))
		halves_visit(low, high, visit_more, NULL);
}

static void read_node(uintptr_t block, uint64_t size)
{
	rows.from = declared_exist ? declared_find(block) : DECLARED_NONE;
	rows.undecided = apart_has(block);
	if (size >= READ_LARGE || unlikely(fault_skips) ||
	    (rows.outer && blocks_is_outer(block))) {
		read_block_runs(block, visit_run, NULL);
	} else {
		fault_low = block;
		fault_high = block + size;
		visit_run(block, block + size, NULL);
		fault_low = fault_high = 0;
	}
	if (unlikely(offsets_possible))
		offsets_visit(block, visit_more, NULL);
	if (unlikely(rows.from != DECLARED_NONE))
		leads_each(rows.from, visit_link, NULL);
	rows.node++;
}

static inline void visit_node(uintptr_t block, struct place place, void *data)
{
	(void)place;
	(void)data;
	if (likely(!rows.failed))
		read_node(block, blocks_size(block));
}

static int read_nodes(uint32_t n, struct arena *arena)
{
	uint32_t i;

	rows.row = arena_array(arena, n + 1ul, sizeof *rows.row);
	rows.linked = arena_array(arena, n / 64 + 1, sizeof *rows.linked);
	if (!rows.row || !rows.linked)
		return -ENOMEM;
	rows.told = counts_has_slots();
	rows.weak = counts_has_weak();
	rows.outer = blocks_have_outer();
	nodes_each(visit_node, NULL);
	for (i = 0; i < WORDS_AHEAD; i++)
		look_at_oldest();
	while (rows.next <= n)
		rows.row[rows.next++] = rows.to.n;
	return rows.failed;
}

/* Only the nodes that have a bit are left. The others have no edges. */
static int renumber(uint32_t n, uint32_t left, struct arena *arena)
{
	uint32_t *before = arena_array(arena, n / 64 + 1, sizeof *before);
	uint32_t *to = rows.to.list, i, k = 0;

	if (!before)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		if (i % 64 == 0)
			before[i / 64] = k;
		if (bit_is_set(rows.linked, i))
			rows.row[k++] = rows.row[i];
	}
	rows.row[left] = rows.to.n;
	for (i = 0; i < rows.to.n; i++) {
		uint64_t bits = rows.linked[to[i] / 64];

		to[i] = before[to[i] / 64] +
			count_bits(bits & ((1ul << to[i] % 64) - 1));
	}
	arena_release(before, n / 64 + 1, sizeof *before);
	nodes_number();
	return 0;
}

/* Makes room for exactly so many more edges. */
static int make_room(uint32_t n)
{
	size_t now = rows.to.room * sizeof(uint32_t);
	size_t to = (rows.to.n + (size_t)n) * sizeof(uint32_t);
	void *list = arena_resize(rows.to.list, now, to);

	if (!list)
		return -ENOMEM;
	rows.to.list = list;
	rows.to.room = rows.to.n;
	return 0;
}

static int build(struct scan *scan, struct arena *arena)
{
	struct graph *graph = &scan->graph;
	uint32_t n = nodes_number(), left;
	int err = read_nodes(n, arena);

	if (err)
		return err;
	left = lone_take(rows.linked, n, scan);
	if (n && !left)
		return -ENOMEM;
	if (left < n)
		err = renumber(n, left, arena);
	arena_release(rows.linked, n / 64 + 1, sizeof *rows.linked);
	if (!err)
		err = make_room(left + 1);
	graph->row = rows.row;
	graph->to = graph->room = rows.to.list;
	graph->back = rows.back.list;
	graph->since = rows.since.list;
	graph->link = rows.link.list;
	graph->words = words_visit;
	return err ? err : nodes_build(left, scan, arena);
}

int scan_run(struct roots *roots, bool undecided, struct arena *arena,
	     struct scan *out)
{
	int err = counts_build(arena);

	if (!err)
		err = reach(roots, arena);
	if (!err)
		late_settle();
	if (!err && undecided && !late_doubts())
		apart_unmark();
	return err ? err : build(out, arena);
}
