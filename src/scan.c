/*
 * See scan.h. Two passes of marking, strong and then suspect, with a stack of
 * our own instead of recursion; then the rows of what is left.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include <string.h>
#include "counts.h"
#include "scan.h"
#include "snapshot.h"

enum mark {
	UNREACHED,
	NOTED, /* a suspect word points at it, so far nothing else */
	SUSPECT,
	STRONG,
	CANDIDATE, /* its counts decide: not entered yet */
	HELD,	   /* the same, and a word of live memory points at it */
	DEAD,	   /* counts prove it dead, whatever points at it */
};

static uint8_t *marks;	/* by block */
static uint32_t *stack; /* blocks to read; later: node by block */
static uint32_t stack_n;
static uint32_t *nodes; /* the same memory, in its second life */

static struct suspects {
	struct {
		uint32_t block;
		struct suspect why;
	} * list;
	uint32_t n, room;
} suspects;

static void mark(uint32_t block, enum mark as)
{
	if (marks[block] == CANDIDATE)
		marks[block] = HELD;
	if (marks[block] > NOTED)
		return;
	marks[block] = as;
	stack[stack_n++] = block;
}

static void visit_held(uintptr_t at, uintptr_t word, void *data)
{
	uint32_t block = blocks_find(word);

	if (block != BLOCK_NONE && !counts_is_weak(at))
		mark(block, *(enum mark *)data);
}

void scan_block(uint32_t block, scan_visit_fn *visit, void *data)
{
	uintptr_t at = blocks.address[block], end = at + blocks_size(block);
	uint32_t i;

	for (i = block + 1; i < blocks.n && blocks.address[i] < end; i++) {
		uintptr_t inner = blocks.address[i];

		if (at < inner)
			scan_range(at, inner, 0, visit, data);
		if (at < inner + blocks_size(i))
			at = inner + blocks_size(i);
	}
	if (at < end)
		scan_range(at, end, 0, visit, data);
}

static void drain(enum mark as)
{
	while (stack_n)
		scan_block(stack[--stack_n], visit_held, &as);
}

/* The first word that is seen to lead to a block stands for all. */
static void note_suspect(uint32_t block, uintptr_t at, enum root_kind kind)
{
	if (marks[block] == NOTED)
		return;
	marks[block] = NOTED;
	if (suspects.n == suspects.room) {
		uint32_t room = suspects.room ? suspects.room * 2 : 4096;
		void *list = arena_map(room * sizeof *suspects.list);

		if (!list)
			return;
		if (suspects.n)
			memcpy(list, suspects.list,
			       suspects.n * sizeof *suspects.list);
		suspects.list = list;
		suspects.room = room;
	}
	suspects.list[suspects.n].block = block;
	suspects.list[suspects.n++].why = (struct suspect){at, kind};
}

static void visit_root(uintptr_t at, uintptr_t word, void *data)
{
	enum root_kind kind = *(enum root_kind *)data;
	uint32_t block = blocks_find(word);

	if (block == BLOCK_NONE || marks[block] == STRONG ||
	    marks[block] == HELD || counts_is_weak(at))
		return;
	if (kind == ROOT_STRONG || marks[block] == CANDIDATE ||
	    (kind == ROOT_FOREIGN && word == blocks.address[block]))
		mark(block, STRONG);
	else
		note_suspect(block, at, kind);
}

/* Words between blocks: what lies in a block is read when it is reached. */
static void read_between(const struct root *root)
{
	enum root_kind kind = root->kind;
	uintptr_t at = root->low;
	uint32_t i;

	if (root->explicit) {
		scan_range(at, root->high, root->shared, visit_root, &kind);
		return;
	}
	i = blocks_from(at);
	if (i && blocks.address[i - 1] + blocks_size(i - 1) > at)
		at = blocks.address[i - 1] + blocks_size(i - 1);
	for (; at < root->high; i++) {
		uintptr_t end = i < blocks.n ? blocks.address[i] : root->high;

		end = end < root->high ? end : root->high;
		if (at < end)
			scan_range(at, end, root->shared, visit_root, &kind);
		if (i >= blocks.n || blocks.address[i] >= root->high)
			break;
		if (at < blocks.address[i] + blocks_size(i))
			at = blocks.address[i] + blocks_size(i);
	}
}

/* Seen in Java: what compiled code holds alone, as an immediate operand. */
static void read_root(const struct root *root)
{
	scan_every_byte(root->code);
	read_between(root);
	scan_every_byte(false);
}

/* Live by decree: internal allocations, ignored ones, a parent's. */
static void mark_decreed(void)
{
	uint32_t i;

	for (i = 0; i < blocks.n; i++) {
		struct heap_word w = blocks.word[i];

		if (w.bits & HEAP_IGNORED || !heap_stack(w) ||
		    heap_epoch(w) < heap_first_epoch())
			mark(i, STRONG);
	}
}

/* Candidates are not entered before it is clear which are dead. What is live
 * by decree is none. */
static void hold_candidates(void)
{
	const struct candidates *c = counts_candidates();
	uint32_t i;

	for (i = 0; i < c->n; i++) {
		if (marks[c->block[i]] == UNREACHED)
			marks[c->block[i]] = CANDIDATE;
		else
			counts_keep(i);
	}
}

/* Enters those that the trial finds live and that live memory points at;
 * false when there are none. */
static bool enter_live(const bool *dead, enum mark as)
{
	const struct candidates *c = counts_candidates();
	bool any = false;
	uint32_t i;

	for (i = 0; i < c->n; i++) {
		if (dead[i] || marks[c->block[i]] != HELD)
			continue;
		marks[c->block[i]] = UNREACHED;
		mark(c->block[i], as);
		any = true;
	}
	return any;
}

static void enter_suspects(void)
{
	uint32_t i;

	for (i = 0; suspects.n && i < blocks.n; i++)
		if (marks[i] == NOTED)
			mark(i, SUSPECT);
}

/* A live candidate may hold another, through blocks that are none: as long as
 * that happens the trial is held again. What is entered is marked as. */
static int try_candidates(bool *dead, enum mark as, struct arena *arena)
{
	const struct candidates *c = counts_candidates();
	bool *outside = arena_array(arena, c->n + 1, 1);
	uint32_t i;
	int err;

	if (!outside)
		return -ENOMEM;
	do {
		drain(as);
		for (i = 0; i < c->n; i++)
			outside[i] = marks[c->block[i]] != CANDIDATE;
		err = counts_trial(outside, dead, arena);
		if (err)
			return err;
	} while (enter_live(dead, as));
	return 0;
}

/* The trial for what is live, and again with what a suspect may hold. */
static int mark_candidates(struct arena *arena)
{
	const struct candidates *c = counts_candidates();
	bool *dead = arena_array(arena, c->n + 1, 1);
	uint32_t i;
	int err;

	if (!dead)
		return -ENOMEM;
	err = try_candidates(dead, STRONG, arena);
	if (!err && suspects.n) {
		enter_suspects();
		err = try_candidates(dead, SUSPECT, arena);
	}
	if (err)
		return err;
	for (i = 0; i < c->n; i++)
		if (marks[c->block[i]] >= CANDIDATE)
			marks[c->block[i]] = dead[i] ? DEAD : UNREACHED;
	return 0;
}

static int mark_all(const struct roots *roots, struct arena *arena)
{
	uint32_t i;
	int err = 0;

	for (i = 0; i < roots->stack_blocks; i++)
		marks[roots->stack_block[i]] = STRONG; /* not read again */
	mark_decreed();
	hold_candidates();
	drain(STRONG);
	for (i = 0; i < roots->n; i++) {
		read_root(&roots->list[i]);
		drain(STRONG);
	}
	if (counts_candidates()->n)
		err = mark_candidates(arena);
	enter_suspects();
	drain(SUSPECT);
	return err;
}

struct rows {
	uint32_t *to;
	uint8_t *back; /* NULL where no field has a name */
	uint64_t *since;
	uint64_t n;
	bool fill;
};

static void note_field(struct rows *rows, uintptr_t at)
{
	const struct ref_slot *slot = counts_slot(at);

	if (!slot || !(slot->flags & SLOT_LINK))
		return;
	rows->back[rows->n] = counts_is_back(slot->field);
	rows->since[rows->n] = slot->time;
}

static void visit_edge(uintptr_t at, uintptr_t word, void *data)
{
	struct rows *rows = data;
	uint32_t block = blocks_find(word);

	if (block == BLOCK_NONE || nodes[block] == NODE_NONE ||
	    counts_is_weak(at))
		return;
	if (rows->fill)
		rows->to[rows->n] = nodes[block];
	if (rows->fill && rows->back)
		note_field(rows, at);
	rows->n++;
}

static void read_rows(const struct scan *scan, struct rows *rows, uint32_t *row)
{
	uint32_t i;

	rows->n = 0;
	for (i = 0; i < scan->graph.n; i++) {
		row[i] = rows->n;
		scan_block(scan->block[i], visit_edge, rows);
	}
	row[i] = rows->n;
}

static int build_rows(struct scan *scan, struct arena *arena)
{
	struct rows rows = {0};
	uint32_t *row = arena_array(arena, scan->graph.n + 1, sizeof *row);

	if (!row)
		return -ENOMEM;
	read_rows(scan, &rows, row);
	if (rows.n > UINT32_MAX - 1)
		return -ENOMEM;
	rows.to = arena_array(arena, rows.n + 1, sizeof *rows.to);
	if (counts_has_slots()) {
		rows.back = arena_array(arena, rows.n + 1, 1);
		rows.since = arena_array(arena, rows.n + 1, sizeof(uint64_t));
	}
	if (!rows.to || (counts_has_slots() && (!rows.back || !rows.since)))
		return -ENOMEM;
	rows.fill = true;
	read_rows(scan, &rows, row);
	scan->graph.row = row;
	scan->graph.to = rows.to;
	scan->graph.back = rows.back;
	scan->graph.since = rows.since;
	return 0;
}

static int build_nodes(struct scan *scan, struct arena *arena)
{
	uint32_t i, n = 0;
	uint64_t *size;
	uint8_t *epoch, *flags;
	int64_t *count = NULL;

	for (i = 0; i < blocks.n; i++)
		n += marks[i] != STRONG;
	scan->graph.n = n;
	scan->block = arena_array(arena, n + 1, sizeof *scan->block);
	size = arena_array(arena, n + 1, sizeof *size);
	epoch = arena_array(arena, n + 1, sizeof *epoch);
	flags = arena_array(arena, n + 1, sizeof *flags);
	if (refs_objects_n())
		count = arena_array(arena, n + 1, sizeof *count);
	if (!scan->block || !size || !epoch || !flags ||
	    (refs_objects_n() && !count))
		return -ENOMEM;
	nodes = stack;
	for (i = n = 0; i < blocks.n; i++) {
		nodes[i] = NODE_NONE;
		if (marks[i] == STRONG)
			continue;
		nodes[i] = n;
		scan->block[n] = i;
		size[n] = blocks_size(i);
		epoch[n] = heap_epoch(blocks.word[i]);
		flags[n] = marks[i] == SUSPECT ? NODE_SUSPECT
			   : marks[i] == DEAD  ? NODE_DEAD
					       : 0;
		flags[n] |= counts_links_itself(i) ? NODE_SELF : 0;
		if (count)
			/* the trial has explained every count */
			count[n] = marks[i] == DEAD ? -1 : counts_of(i);
		n++;
	}
	scan->graph.size = size;
	scan->graph.epoch = epoch;
	scan->graph.flags = flags;
	scan->graph.count = count;
	return 0;
}

int scan_run(const struct roots *roots, struct arena *arena, struct scan *out)
{
	int err;

	marks = arena_array(arena, blocks.n + 1, 1);
	stack = arena_array(arena, blocks.n + 1, sizeof *stack);
	if (!marks || !stack)
		return -ENOMEM;
	err = counts_build(arena);
	if (!err)
		err = mark_all(roots, arena);
	if (!err)
		err = build_nodes(out, arena);
	return err ? err : build_rows(out, arena);
}

uint32_t scan_node(uint32_t block)
{
	return block == BLOCK_NONE ? NODE_NONE : nodes[block];
}

struct suspect scan_suspect(uint32_t block)
{
	uint32_t i;

	for (i = 0; i < suspects.n; i++)
		if (suspects.list[i].block == block)
			return suspects.list[i].why;
	return (struct suspect){0};
}
