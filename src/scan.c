/*
 * See scan.h. What marking has not reached becomes the graph. Each block is
 * read once; the cells of the words that it holds are asked for some steps
 * before they are looked at, as in mark.c.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include "counts.h"
#include "list.h"
#include "mark.h"

static struct rows {
	uint32_t *row;
	uint32_t next; /* the first node whose row has not begun */
	uint32_t node; /* the one that is read */
	struct list to;
	struct list back, since; /* where fields have names */
	struct {
		struct ahead word;
		uint32_t node;
	} ring[WORDS_AHEAD];
	uint32_t oldest;
	bool told, weak, outer;
	int failed;
} rows;

static uint64_t cell_nodes(const struct cell *cell)
{
	return cell->begins & ~cell->strong;
}

static uint32_t node_at(const struct cell *cell, uint64_t bit)
{
	uint64_t nodes = cell_nodes(cell);

	if (!(nodes & bit))
		return NODE_NONE;
	return cell->nodes + count_bits(nodes & (bit - 1));
}

uint32_t scan_node(uintptr_t block)
{
	struct place place;

	if (block == BLOCK_NONE)
		return NODE_NONE;
	place = blocks_place(block);
	return node_at(place.cell, place.bit);
}

uintptr_t scan_block_of(uint32_t node)
{
	uint32_t low = 0, high = blocks_pages_n, i;
	const struct page *page;
	uint64_t nodes;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (blocks_pages[mid]->nodes <= node)
			low = mid + 1;
		else
			high = mid;
	}
	page = blocks_pages[low - 1];
	i = page_cells(page) - 1;
	while (page->cell[i].nodes > node)
		i--;
	nodes = cell_nodes(&page->cell[i]);
	for (node -= page->cell[i].nodes; node; node--)
		nodes &= nodes - 1;
	return cell_address(page, i, __builtin_ctzl(nodes));
}

void scan_block_runs(uintptr_t block, scan_run_fn *run, void *data)
{
	uintptr_t at = block, end = block + blocks_size(block), inner;

	if (blocks_is_outer(block)) {
		for (inner = blocks_from(block + 1); inner && inner < end;
		     inner = blocks_from(inner + 1)) {
			if (at < inner)
				scan_runs(at, inner, 0, run, data);
			if (at < inner + blocks_size(inner))
				at = inner + blocks_size(inner);
		}
	}
	if (at < end)
		scan_runs(at, end, 0, run, data);
}

struct words {
	scan_visit_fn *visit;
	void *data;
};

static void visit_run(uintptr_t low, uintptr_t high, void *data)
{
	const struct words *words = data;

	scan_range(low, high, 0, words->visit, words->data);
}

void scan_block(uintptr_t block, scan_visit_fn *visit, void *data)
{
	struct words words = {visit, data};

	scan_block_runs(block, visit_run, &words);
}

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

/* Words are looked at in the order of their nodes. */
static void add_edge(uint32_t from, uint32_t to, uintptr_t at)
{
	while (rows.next <= from)
		rows.row[rows.next++] = rows.to.n;
	if (!list_add(&rows.to, &to, sizeof to))
		rows.failed = -ENOMEM;
	else if (rows.told)
		note_field(at);
}

static uint32_t look_closely(uintptr_t word)
{
	uintptr_t block = blocks_find(word);

	return scan_node(block != BLOCK_NONE ? block : blocks_find_end(word));
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

static void look_at_oldest(void)
{
	uint32_t i = rows.oldest, to;

	rows.oldest = (i + 1) % WORDS_AHEAD;
	if (!rows.ring[i].word.word)
		return;
	to = look(&rows.ring[i].word);
	if (to != NODE_NONE)
		add_edge(rows.ring[i].node, to, rows.ring[i].word.at);
	rows.ring[i].word.word = 0;
}

static void read_run(uintptr_t low, uintptr_t high, void *data)
{
	(void)data;
	for (low = (low + 7) & -8ul; low + 8 <= high; low += 8) {
		uintptr_t word = *(const volatile uintptr_t *)low;
		uint32_t i = rows.oldest;

		if (!blocks_may_hold(word) ||
		    (rows.weak && counts_is_weak(low)))
			continue;
		look_at_oldest();
		rows.ring[i].word.cell = blocks_cell(word);
		rows.ring[i].word.word = word;
		rows.ring[i].word.at = low;
		rows.ring[i].node = rows.node;
		__builtin_prefetch(rows.ring[i].word.cell);
	}
}

static void read_node(uintptr_t block, uint64_t size)
{
	if (size >= SCAN_LARGE || (rows.outer && blocks_is_outer(block))) {
		scan_block_runs(block, read_run, NULL);
	} else {
		scan_low = block;
		scan_high = block + size;
		read_run(block, block + size, NULL);
		scan_low = scan_high = 0;
	}
	rows.node++;
}

/* Calls visit for the block of each node, in order. */
typedef void node_fn(uintptr_t block, struct place place, void *data);
static void nodes_each(node_fn *visit, void *data)
{
	uint32_t i, k;

	for (i = 0; i < blocks_pages_n; i++) {
		struct page *page = blocks_pages[i];

		for (k = 0; k < page_cells(page); k++) {
			struct cell *cell = &page->cell[k];
			uint64_t bits = cell_nodes(cell);

			for (; bits; bits &= bits - 1)
				visit(cell_address(page, k,
						   __builtin_ctzl(bits)),
				      (struct place){cell, bits & -bits}, data);
		}
	}
}

static void visit_node(uintptr_t block, struct place place, void *data)
{
	const struct graph *graph = data;

	(void)place;
	if (!rows.failed)
		read_node(block, graph->size[rows.node]);
}

static int build_rows(struct graph *graph, struct arena *arena)
{
	uint32_t i;

	rows.row = arena_array(arena, graph->n + 1, sizeof *rows.row);
	if (!rows.row)
		return -ENOMEM;
	rows.told = counts_has_slots();
	rows.weak = counts_has_weak();
	rows.outer = blocks_have_outer();
	nodes_each(visit_node, graph);
	for (i = 0; i < WORDS_AHEAD; i++)
		look_at_oldest();
	while (rows.next <= graph->n)
		rows.row[rows.next++] = rows.to.n;
	list_trim(&rows.to, sizeof(uint32_t));
	graph->row = rows.row;
	graph->to = rows.to.list;
	graph->back = rows.back.list;
	graph->since = rows.since.list;
	return rows.failed;
}

static uint32_t number_nodes(void)
{
	uint32_t i, k, n = 0;

	for (i = 0; i < blocks_pages_n; i++) {
		struct page *page = blocks_pages[i];

		page->nodes = n;
		for (k = 0; k < page_cells(page); k++) {
			page->cell[k].nodes = n;
			n += count_bits(cell_nodes(&page->cell[k]));
		}
	}
	return n;
}

struct nodes {
	uint32_t n;
	uint64_t *size;
	uint32_t *stack;
	uint8_t *epoch, *flags;
	int64_t *count;
};

static uint8_t flags_of(uintptr_t block, struct place place)
{
	uint8_t flags = counts_links_itself(block) ? NODE_SELF : 0;

	if (mark_is_dead(block))
		return flags | NODE_DEAD;
	return flags | (place.cell->weak & place.bit ? NODE_SUSPECT : 0);
}

static void add_node(uintptr_t block, struct place place, void *data)
{
	struct nodes *nodes = data;
	struct heap_word word = blocks_word(block);
	uint32_t i = nodes->n++;

	nodes->size[i] = heap_size(block, word);
	nodes->epoch[i] = heap_epoch(word);
	nodes->stack[i] = heap_stack(word);
	nodes->flags[i] = flags_of(block, place);
	if (nodes->count)
		/* the trial has explained every count */
		nodes->count[i] =
			nodes->flags[i] & NODE_DEAD ? -1 : counts_of(block);
}

static int build_nodes(struct scan *scan, struct arena *arena)
{
	struct graph *graph = &scan->graph;
	uint32_t n = number_nodes();
	struct nodes nodes = {
		.size = arena_array(arena, n + 1, sizeof *nodes.size),
		.stack = arena_array(arena, n + 1, sizeof *nodes.stack),
		.epoch = arena_array(arena, n + 1, sizeof *nodes.epoch),
		.flags = arena_array(arena, n + 1, sizeof *nodes.flags),
	};

	if (refs_objects_n())
		nodes.count = arena_array(arena, n + 1, sizeof *nodes.count);
	if (!nodes.size || !nodes.stack || !nodes.epoch || !nodes.flags ||
	    (refs_objects_n() && !nodes.count))
		return -ENOMEM;
	nodes_each(add_node, &nodes);
	graph->n = n;
	graph->size = nodes.size;
	graph->class = scan->class = nodes.stack;
	graph->epoch = nodes.epoch;
	graph->flags = nodes.flags;
	graph->count = nodes.count;
	return 0;
}

int scan_run(const struct roots *roots, struct arena *arena, struct scan *out)
{
	int err = counts_build(arena);

	if (!err)
		err = mark_all(roots, arena);
	if (!err)
		err = build_nodes(out, arena);
	return err ? err : build_rows(&out->graph, arena);
}
