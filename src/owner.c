/*
 * The owner forest, and the sums over it.
 *
 * A component that several instances lead to belongs to one of them: to the
 * innermost when one is nested in the other; otherwise, below the lowest that
 * both are nested in, to the branch with the smaller id. In other words to
 * the first in a post-order walk of the forest whose siblings stand by id: a
 * total order, so that candidates may be compared two at a time, as they come.
 *
 * The excess objects of a cycle are a chain above it, and take its place: the
 * first in order is held by what holds the cycle, the last one holds it. What
 * the cycle leads to stays the cycle's.
 *
 * Runs in the snapshot child. No locks, no recursion.
 */
#include <errno.h>
#include <string.h>
#include "owner.h"

static int arrays_alloc(const struct instances *in, struct arena *arena,
			struct forest *out)
{
	uint32_t n = in->n, count = in->components.count;

	out->owner = arena_array(arena, count, sizeof(uint32_t));
	out->parent = arena_array(arena, n, sizeof(uint32_t));
	out->depth = arena_array(arena, n, sizeof(uint32_t));
	out->jump = arena_array(arena, n, sizeof(uint32_t));
	out->bytes = arena_array(arena, n, sizeof(uint64_t));
	out->blocks = arena_array(arena, n, sizeof(uint64_t));
	out->tree = arena_array(arena, n, sizeof(uint64_t));
	out->top = arena_array(arena, n, sizeof(bool));
	if (!out->owner || !out->parent || !out->depth || !out->jump ||
	    !out->bytes || !out->blocks || !out->tree || !out->top)
		return -ENOMEM;
	return 0;
}

/*
 * Jump pointers (Myers, "An applicative random-access stack", 1983): any
 * ancestor is a logarithmic number of steps away, and a leaf is added in one.
 * Plain climbing took quadratic time where one block holds a long chain.
 */
static void forest_add(struct forest *f, uint32_t leaf, uint32_t parent)
{
	uint32_t jump;

	f->parent[leaf] = parent;
	f->depth[leaf] = 0;
	f->jump[leaf] = leaf;
	if (parent == NODE_NONE)
		return;
	f->depth[leaf] = f->depth[parent] + 1;
	jump = f->jump[parent];
	if (f->depth[parent] - f->depth[jump] ==
	    f->depth[jump] - f->depth[f->jump[jump]])
		f->jump[leaf] = f->jump[jump];
	else
		f->jump[leaf] = parent;
}

/* The ancestor of a (or a itself) at that depth or a's own, if less. */
static uint32_t forest_climb(const struct forest *f, uint32_t a, uint32_t depth)
{
	while (f->depth[a] > depth) {
		if (f->depth[f->jump[a]] >= depth)
			a = f->jump[a];
		else
			a = f->parent[a];
	}
	return a;
}

/* The first of a and b in the post-order walk. Nodes of equal depth have
 * jumps of equal depth. */
static uint32_t forest_first(const struct instances *in, const struct forest *f,
			     uint32_t a, uint32_t b)
{
	uint32_t x = forest_climb(f, a, f->depth[b]);
	uint32_t y = forest_climb(f, b, f->depth[a]);

	if (x == y)
		return f->depth[a] > f->depth[b] ? a : b;
	while (f->parent[x] != f->parent[y]) {
		bool far = f->jump[x] != f->jump[y];

		x = far ? f->jump[x] : f->parent[x];
		y = far ? f->jump[y] : f->parent[y];
	}
	if (in->finding[x] != in->finding[y])
		return in->finding[x] < in->finding[y] ? a : b;
	return x < y ? a : b;
}

/* Whatever component c leads to has its owner for a candidate. */
static void owner_offer(const struct instances *in, struct forest *f,
			uint32_t c)
{
	const struct graph *graph = in->graph;
	uint32_t i, e, mine = f->owner[c];

	for (i = in->row[c]; i < in->row[c + 1]; i++) {
		uint32_t node = in->member[i];

		for (e = graph->row[node]; e < graph->row[node + 1]; e++) {
			uint32_t d = in->components.component[graph->to[e]];
			uint32_t old = f->owner[d];

			if (d == c || old == mine)
				continue;
			f->owner[d] = old == NODE_NONE
					      ? mine
					      : forest_first(in, f, old, mine);
		}
	}
}

/* The instances of component c are added, the excess objects above. */
static void chain_add(const struct instances *in, struct forest *f, uint32_t c)
{
	uint32_t last = in->of_component[c], i = last;

	while (i && in->component[i - 1] == c)
		i--;
	for (; i <= last; i++) {
		forest_add(f, i, f->owner[c]);
		f->owner[c] = i;
	}
}

/* owner, parent, depth and jump are filled. Edges lead to smaller components:
 * when one is reached, all that hold it have made their offer. */
static void forest_grow(const struct instances *in, struct forest *f)
{
	uint32_t c = in->components.count;

	memset(f->owner, 0xff, c * sizeof(uint32_t));
	while (c--) {
		if (in->of_component[c] != NODE_NONE)
			chain_add(in, f, c);
		owner_offer(in, f, c);
	}
}

/* The tree of the last instance of a component is whole: it is part of the
 * one above, and is the tree of an excess object in the same component. */
static void tree_hand_up(const struct instances *in, struct forest *f,
			 uint32_t instance)
{
	uint32_t parent = f->parent[instance];

	while (parent != NODE_NONE) {
		f->blocks[parent] += f->blocks[instance];
		f->tree[parent] += f->tree[instance];
		if (in->component[parent] != in->component[instance])
			return;
		f->bytes[parent] = in->graph->size[in->head[parent]];
		instance = parent;
		parent = f->parent[instance];
	}
}

/* bytes, blocks and tree are filled. What an instance owns, nested instances
 * too, are smaller components than its own: the sum is there when it is
 * handed up. */
static void trees_sum(const struct instances *in, struct forest *f)
{
	uint32_t c, i;

	for (c = 0; c < in->components.count; c++) {
		uint32_t owner = f->owner[c];
		bool self = in->of_component[c] == owner;

		for (i = in->row[c]; i < in->row[c + 1]; i++) {
			uint64_t size = in->graph->size[in->member[i]];

			f->blocks[owner]++;
			f->tree[owner] += size;
			if (self)
				f->bytes[owner] += size;
		}
		if (self)
			tree_hand_up(in, f, owner);
	}
}

/* The children of each instance, as lists. */
struct children {
	uint32_t *first, *next; /* of an instance, or NODE_NONE */
	uint32_t *open;		/* of a finding: its instances above */
};

static int children_list(const struct instances *in, struct arena *arena,
			 const struct forest *f, struct children *out)
{
	uint32_t i = in->n;

	out->first = arena_array(arena, in->n, sizeof(uint32_t));
	out->next = arena_array(arena, in->n, sizeof(uint32_t));
	out->open = arena_array(arena, in->findings, sizeof(uint32_t));
	if (!out->first || !out->next || !out->open)
		return -ENOMEM;
	memset(out->first, 0xff, in->n * sizeof(uint32_t));
	memset(out->next, 0xff, in->n * sizeof(uint32_t));
	while (i--) {
		if (f->parent[i] == NODE_NONE)
			continue;
		out->next[i] = out->first[f->parent[i]];
		out->first[f->parent[i]] = i;
	}
	return 0;
}

/* top is filled for the tree of root. */
static void tops_mark(const struct instances *in, struct forest *f,
		      const struct children *children, uint32_t root)
{
	uint32_t at = root;

	for (;;) {
		f->top[at] = !children->open[in->finding[at]]++;
		if (children->first[at] != NODE_NONE) {
			at = children->first[at];
			continue;
		}
		while (children->open[in->finding[at]]--, at != root) {
			if (children->next[at] != NODE_NONE)
				break;
			at = f->parent[at];
		}
		if (at == root)
			return;
		at = children->next[at];
	}
}

int owners_find(const struct instances *instances, struct arena *arena,
		struct forest *out)
{
	struct children children;
	uint32_t i;

	if (arrays_alloc(instances, arena, out))
		return -ENOMEM;
	forest_grow(instances, out);
	trees_sum(instances, out);
	if (children_list(instances, arena, out, &children))
		return -ENOMEM;
	for (i = 0; i < instances->n; i++) {
		if (out->parent[i] == NODE_NONE)
			tops_mark(instances, out, &children, i);
	}
	return 0;
}

bool forest_is_valid(const struct instances *instances, const struct forest *f)
{
	uint64_t blocks = 0;
	uint32_t i, p;

	for (i = 0; i < instances->components.count; i++) {
		if (f->owner[i] >= instances->n)
			return false;
	}
	for (i = 0; i < instances->n; i++) {
		p = f->parent[i];
		if (p == NODE_NONE) {
			blocks += f->blocks[i];
			if (f->depth[i] || f->jump[i] != i || !f->top[i])
				return false;
		} else if (p >= instances->n ||
			   f->depth[p] + 1 != f->depth[i] ||
			   instances->component[p] < instances->component[i] ||
			   (instances->component[p] ==
				    instances->component[i] &&
			    p + 1 != i)) {
			return false;
		}
	}
	return blocks == instances->graph->n;
}
