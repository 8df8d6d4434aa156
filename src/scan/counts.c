/*
 * See counts.h. Arrays in order of block, with a binary search. When no macro
 * was ever called they are empty and cost nothing.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/rows.h"
#include "base/sort.h"
#include "graph/trial.h"
#include "refs/refs.h"
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/read.h"
#include "scan/unowned.h"

/* Objects, and links between blocks, by the block in which they lie. */
static struct listing {
	struct item *items; /* key: block; value: number */
	struct item *scratch;
	uint32_t n;
} objects, links;

static const struct ref_object **object; /* by number */
static uintptr_t *target;		 /* of a link, by number */
static struct candidates candidates;
static uint32_t slots_n;
static uint32_t weak_n;

static void count_object(const struct ref_object *o, void *data)
{
	(void)o;
	++*(uint32_t *)data;
}

static void add_object(const struct ref_object *o, void *data)
{
	uintptr_t block = blocks_find(o->at);

	(void)data;
	if (block == BLOCK_NONE)
		return;
	object[objects.n] = o;
	objects.items[objects.n] = (struct item){block, objects.n};
	objects.n++;
}

static void count_slot(const struct ref_slot *s, void *data)
{
	(void)data;
	slots_n++;
	weak_n += (s->flags & SLOT_WEAK) != 0;
}

static void visit_slot(uintptr_t at, uintptr_t word, void *data)
{
	(void)at;
	*(uintptr_t *)data = word;
}

/* A link holds its target only while the field still leads there: a forgotten
 * unlink must prove nothing. */
static bool is_kept(const struct ref_slot *s, uintptr_t to)
{
	uintptr_t word = 0;

	read_range(s->at, s->at + 8, 0, visit_slot, &word);
	return word && blocks_find(word) == to;
}

static void add_slot(const struct ref_slot *s, void *data)
{
	uintptr_t from = blocks_find(s->at), to = blocks_find(s->target);

	(void)data;
	if (!(s->flags & SLOT_LINK) || from == BLOCK_NONE || to == BLOCK_NONE ||
	    !is_kept(s, to))
		return;
	target[links.n] = to;
	links.items[links.n] = (struct item){from, links.n};
	links.n++;
}

static int listing_alloc(struct listing *list, uint32_t n, struct arena *arena)
{
	list->items = arena_array(arena, n + 1, sizeof *list->items);
	list->scratch = arena_array(arena, n + 1, sizeof *list->scratch);
	return list->items && list->scratch ? 0 : -ENOMEM;
}

/* The place of a block's first item, or the end of the list. */
static uint32_t listing_find(const struct listing *list, uintptr_t block)
{
	return rows_find(list->items, sizeof *list->items, list->n, block);
}

static bool listing_has(const struct listing *list, uint32_t at,
			uintptr_t block)
{
	return at < list->n && list->items[at].key == block;
}

int64_t counts_of(uintptr_t block)
{
	uint32_t at = listing_find(&objects, block);
	int64_t sum = -1;

	for (; listing_has(&objects, at, block); at++) {
		const struct ref_object *o = object[objects.items[at].value];

		if (o->counted)
			sum = (sum < 0 ? 0 : sum) + refs_count(o);
	}
	return sum;
}

const struct ref_object *counts_object(uintptr_t block)
{
	uint32_t at = listing_find(&objects, block);
	const struct ref_object *best = NULL;

	for (; listing_has(&objects, at, block); at++) {
		const struct ref_object *o = object[objects.items[at].value];

		if (!best || (!best->type && o->type) ||
		    (!best->type == !o->type && o->at < best->at))
			best = o;
	}
	return best;
}

const struct ref_slot *counts_slot(uintptr_t at)
{
	return slots_n ? refs_slot_at(at) : NULL;
}

static bool is_weak_field(uintptr_t at)
{
	const struct ref_slot *s = refs_slot_at(at);

	/* static memory that is gone may be a block's now */
	return s && s->flags & SLOT_WEAK &&
	       (s->block || blocks_find(at) == BLOCK_NONE);
}

bool counts_is_weak(uintptr_t at)
{
	return (weak_n && is_weak_field(at)) ||
	       (unowned_weak_exist && unowned_is_weak(at));
}

/* Compares with names that people give such fields. A part of a longer name
 * counts when it stands alone between underscores. */
bool counts_is_back(const char *field)
{
	static const char *const names[] = {"parent", "owner",	  "back",
					    "prev",   "delegate", "container",
					    "self"};
	size_t i, n;

	while (field && *field) {
		n = strcspn(field, "_.->[]");
		for (i = 0; i < sizeof names / sizeof *names; i++)
			if (strlen(names[i]) == n &&
			    !strncmp(field, names[i], n))
				return true;
		field += n;
		field += strspn(field, "_.->[]");
	}
	return false;
}

const struct candidates *counts_candidates(void)
{
	return &candidates;
}

uint32_t counts_candidate(uintptr_t block)
{
	uint32_t at = rows_find(candidates.block, sizeof *candidates.block,
				candidates.n, block);

	return at < candidates.n && candidates.block[at] == block
		       ? at
		       : CANDIDATE_NONE;
}

/* When links are told, but nothing is counted, the counts with which objects
 * are born prove nothing. */
static bool is_counted(uintptr_t block)
{
	uint32_t at = listing_find(&objects, block);

	for (; listing_has(&objects, at, block); at++) {
		const struct ref_object *o = object[objects.items[at].value];

		if (o->counted && !refs_is_counting() && !refs_has_field(o))
			return false;
	}
	return true;
}

/* Merges counted objects and owners of links. Both lists are in order of
 * block. */
static int find_candidates(struct arena *arena)
{
	uint32_t o = 0, l = 0, room = objects.n + links.n + 1;

	if (!links.n)
		return 0;
	candidates.block = arena_array(arena, room, sizeof(uintptr_t));
	candidates.count = arena_array(arena, room, sizeof(int64_t));
	if (!candidates.block || !candidates.count)
		return -ENOMEM;
	while (o < objects.n || l < links.n) {
		uintptr_t a =
			o < objects.n ? objects.items[o].key : UINTPTR_MAX;
		uintptr_t b = l < links.n ? links.items[l].key : UINTPTR_MAX;
		uintptr_t block = a < b ? a : b;
		int64_t count = counts_of(block);

		while (listing_has(&objects, o, block))
			o++;
		while (listing_has(&links, l, block))
			l++;
		if (count == 0 || (count < 0 && block != b) ||
		    !is_counted(block))
			continue;
		candidates.block[candidates.n] = block;
		candidates.count[candidates.n++] = count;
	}
	return 0;
}

int counts_build(struct arena *arena)
{
	uint32_t n = 0;
	int err;

	refs_objects(count_object, &n);
	refs_slots(count_slot, NULL);
	object = arena_array(arena, n + 1, sizeof *object);
	err = object ? listing_alloc(&objects, n, arena) : -ENOMEM;
	if (!err)
		err = listing_alloc(&links, slots_n, arena);
	target = arena_array(arena, slots_n + 1, sizeof *target);
	if (err || !target)
		return -ENOMEM;
	refs_objects(add_object, NULL);
	sort_items(objects.items, objects.scratch, objects.n);
	refs_slots(add_slot, NULL);
	sort_items(links.items, links.scratch, links.n);
	return find_candidates(arena);
}

/* The rows of the trial: links are first counted, then filled in. A word that
 * leads from a candidate to a plain block holds that block. */
struct rows {
	uint32_t *to;
	bool *found;
	uint64_t n;
	bool fill;
};

static void row_add(struct rows *rows, uint32_t to, bool found)
{
	if (rows->fill) {
		rows->to[rows->n] = to;
		rows->found[rows->n] = found;
	}
	rows->n++;
}

static void visit_word(uintptr_t at, uintptr_t word, void *data)
{
	uintptr_t block = blocks_find(word);
	uint32_t to;

	if (block == BLOCK_NONE || counts_is_weak(at))
		return;
	to = counts_candidate(block);
	if (to != CANDIDATE_NONE && candidates.count[to] < 0)
		row_add(data, to, true);
}

static void read_rows(struct rows *rows, uint32_t *row)
{
	uint32_t i, at;

	rows->n = 0;
	for (i = 0; i < candidates.n; i++) {
		uintptr_t block = candidates.block[i];

		row[i] = rows->n;
		at = listing_find(&links, block);
		for (; listing_has(&links, at, block); at++) {
			uint32_t to =
				counts_candidate(target[links.items[at].value]);

			if (to != CANDIDATE_NONE)
				row_add(rows, to, false);
		}
		read_block(block, visit_word, rows);
	}
	row[i] = rows->n;
}

void counts_keep(uint32_t candidate)
{
	if (candidates.count[candidate] > 0)
		candidates.count[candidate] += INT32_MAX;
}

bool counts_has_slots(void)
{
	return slots_n != 0;
}

bool counts_has_weak(void)
{
	return weak_n != 0 || unowned_weak_exist;
}

bool counts_links_itself(uintptr_t block)
{
	uint32_t at = listing_find(&links, block);

	for (; listing_has(&links, at, block); at++)
		if (target[links.items[at].value] == block)
			return true;
	return false;
}

static int build_trial(struct trial *trial, struct arena *arena)
{
	struct rows rows = {0};
	uint32_t *row = arena_array(arena, candidates.n + 1, sizeof *row);

	if (!row)
		return -ENOMEM;
	read_rows(&rows, row);
	if (rows.n > UINT32_MAX - 1)
		return -ENOMEM;
	rows.to = arena_array(arena, rows.n + 1, sizeof *rows.to);
	rows.found = arena_array(arena, rows.n + 1, sizeof *rows.found);
	if (!rows.to || !rows.found)
		return -ENOMEM;
	rows.fill = true;
	read_rows(&rows, row);
	trial->n = candidates.n;
	trial->count = candidates.count;
	trial->row = row;
	trial->to = rows.to;
	trial->found = rows.found;
	return 0;
}

int counts_trial(const bool *outside, bool *dead, struct arena *arena)
{
	static struct trial trial; /* its rows do not change between calls */
	int err = trial.row ? 0 : build_trial(&trial, arena);

	if (err)
		return err;
	trial.outside = outside;
	trial.dead = dead;
	return trial_run(&trial, arena);
}
