/*
 * The owner forest, and the sums over it.
 *
 * Several instances may lead to a component. It belongs to one of them. When
 * one of two is nested in the other, that is the inner one. Otherwise, look
 * below the lowest instance in which both are nested: it is the branch with the
 * smaller id. In other words, it is the first in a post-order walk of the
 * forest whose siblings stand by id. That is a total order, so candidates may
 * be compared two at a time, as they come.
 *
 * The excess objects of a cycle are a chain above it, and take its place: what
 * holds the cycle holds the first in order, and the last one holds the cycle.
 * What the cycle leads to stays the cycle's.
 *
 * Runs in the snapshot child. No locks, no recursion.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/bits.h"
#include "graph/graph.h"
#include "graph/instance.h"
#include "graph/owner.h"

#define MEMBERS_AHEAD 8

/*
 * Jump pointers (Myers, "An applicative random-access stack", 1983): any
 * ancestor is a logarithmic number of steps away, and a leaf is added in one
 * step. Plain climbing took quadratic time where one block holds a long chain.
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

/* The ancestor of a at that depth; a itself when it is not deeper. */
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

/* The first of a and b in the post-order walk. Nodes of equal depth have jumps
 * of equal depth. */
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

/* Offers the owner of node's component to all that node leads to. An instance
 * keeps it as its parent, so that its component keeps the instance. */
static void owner_offer(struct instances *in, struct forest *f, uint32_t node)
{
	const struct graph *graph = in->graph;
	uint32_t mine = in->owner[in->components.component[node]], d, e;

	for (e = graph->row[node]; e < graph->row[node + 1]; e++) {
		uint32_t *slot;

		if (!edge_leaves(in, node, e))
			continue;
		d = in->components.component[graph->to[e]];
		slot = owner_is_own(in, d) ? &f->parent[in->owner[d]]
					   : &in->owner[d];
		if (*slot == NODE_NONE)
			*slot = mine;
		else if (*slot != mine)
			*slot = forest_first(in, f, *slot, mine);
	}
}

/* Adds the instances of component c, its excess objects above. */
static void chain_add(const struct instances *in, struct forest *f, uint32_t c)
{
	uint32_t last = in->owner[c], i = last, parent = f->parent[last];

	while (i && in->first[i - 1] == in->first[last])
		i--;
	for (; i <= last; i++) {
		forest_add(f, i, parent);
		parent = i;
	}
}

/* Members of small components are anywhere in memory, and so is what they lead
 * to. It is prefetched in three steps. */
static void forest_ask(const struct instances *in, uint32_t i)
{
	const struct graph *graph = in->graph;
	uint32_t node, e;

	if (i < 3 * MEMBERS_AHEAD)
		return;
	node = in->member[i - 3 * MEMBERS_AHEAD];
	__builtin_prefetch(&graph->row[node]);
	node = in->member[i - 2 * MEMBERS_AHEAD];
	__builtin_prefetch(&graph->to[graph->row[node]]);
	node = in->member[i - MEMBERS_AHEAD];
	for (e = graph->row[node]; e < graph->row[node + 1]; e++) {
		if (e == graph->row[node] + 4)
			return;
		if (edge_leaves(in, node, e))
			__builtin_prefetch(
				&in->components.component[graph->to[e]]);
	}
}

/* Fills owner, parent, depth and jump. Edges lead to smaller components: when
 * one is reached, all that hold it have made their offer. */
static void forest_grow(struct instances *in, struct forest *f)
{
	const uint32_t *component = in->components.component;
	uint32_t i = in->components.nodes, last = NODE_NONE;

	memset(f->parent, 0xff, in->n * sizeof(uint32_t));
	while (i--) {
		uint32_t node = in->member[i];

		forest_ask(in, i);
		if (component[node] != last &&
		    owner_is_own(in, component[node]))
			chain_add(in, f, component[node]);
		last = component[node];
		owner_offer(in, f, node);
	}
}

/* The tree of a component's last instance is whole. It becomes part of the one
 * above, and is the tree of an excess object in the same component. */
static void tree_hand_up(const struct instances *in, struct forest *f,
			 uint32_t instance)
{
	uint32_t parent = f->parent[instance];

	while (parent != NODE_NONE) {
		f->blocks[parent] += f->blocks[instance];
		f->tree[parent] += f->tree[instance];
		if (in->first[parent] != in->first[instance])
			return;
		instance = parent;
		parent = f->parent[instance];
	}
}

/* Fills blocks and tree. What an instance owns, nested instances included,
 * are smaller components than its own. So the sum is complete when it is
 * handed up. */
static void trees_sum(const struct instances *in, struct forest *f)
{
	const uint32_t *component = in->components.component;
	uint32_t i, n = in->components.nodes;

	for (i = 0; i < n; i++) {
		uint32_t node = in->member[i], c = component[node];
		uint32_t owner = in->owner[c];

		f->blocks[owner]++;
		f->tree[owner] += graph_size(in->graph, node);
		if (bit_is_set(in->begins, i + 1) && owner_is_own(in, c))
			tree_hand_up(in, f, owner);
	}
}

/* The children of each instance, as lists. */
struct children {
	uint32_t *first, *next; /* of an instance, or NODE_NONE */
	uint32_t *open; /* of a finding: how many of its instances are above */
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

/* Fills top for the tree of root. */
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

static int tops_find(const struct instances *in, struct arena *arena,
		     struct forest *f)
{
	struct children children;
	uint32_t i;

	arena_release(f->depth, in->n, sizeof(uint32_t));
	arena_release(f->jump, in->n, sizeof(uint32_t));
	f->depth = f->jump = NULL;
	f->top = arena_array(arena, in->n, sizeof(bool));
	if (!f->top || children_list(in, arena, f, &children))
		return -ENOMEM;
	for (i = 0; i < in->n; i++) {
		if (f->parent[i] == NODE_NONE)
			tops_mark(in, f, &children, i);
	}
	arena_release(children.first, in->n, sizeof(uint32_t));
	arena_release(children.next, in->n, sizeof(uint32_t));
	return 0;
}

int owners_find(struct instances *instances, struct arena *arena,
		struct forest *out)
{
	uint32_t n = instances->n;

	out->parent = arena_array(arena, n, sizeof(uint32_t));
	out->depth = arena_array(arena, n, sizeof(uint32_t));
	out->jump = arena_array(arena, n, sizeof(uint32_t));
	if (!out->parent || !out->depth || !out->jump)
		return -ENOMEM;
	forest_grow(instances, out);
	if (tops_find(instances, arena, out))
		return -ENOMEM;
	out->blocks = arena_array(arena, n, sizeof(uint32_t));
	out->tree = arena_array(arena, n, sizeof(uint64_t));
	if (!out->blocks || !out->tree)
		return -ENOMEM;
	trees_sum(instances, out);
	return 0;
}

#ifdef GORDIAN_DEBUG
bool owners_is_valid(const struct instances *instances, const struct forest *f)
{
	uint64_t blocks = 0;
	uint32_t i, p, a, b;

	for (i = 0; i < instances->components.count; i++) {
		if (instances->owner[i] >= instances->n)
			return false;
	}
	for (i = 0; i < instances->n; i++) {
		p = f->parent[i];
		if (p == NODE_NONE) {
			blocks += f->blocks[i];
			if (!f->top[i])
				return false;
			continue;
		}
		if (p >= instances->n)
			return false;
		a = instance_component(instances, p);
		b = instance_component(instances, i);
		if (a < b || (a == b && p + 1 != i))
			return false;
	}
	return blocks == instances->components.nodes;
}
#endif
