/*
 * Shapes: the classes of an instance's members and the pairs of classes that
 * its edges join, hashed to the id by which instances fold into findings. The
 * id says nothing of how many members a class has, of addresses or of sizes,
 * so it is the same from run to run.
 *
 * Runs in the snapshot child. No locks.
 */
#include <errno.h>
#include "instance.h"
#include "sort.h"

struct shapes {
	struct instances *instances;
	struct arena *arena;
	uint32_t *rank; /* of a class: of its hash, among the distinct ones */
	uint64_t *hash; /* of a rank, ascending */
	struct keys classes, pairs; /* of the instance at hand, as ranks */
};

/* The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* rank and hash are filled: 32 bits stand for a class from here on, classes
 * that share a hash being one, and their order is that of the hashes. */
static int ranks_find(struct shapes *s)
{
	const struct graph *graph = s->instances->graph;
	uint32_t i, ranks = 0, n = graph->classes;
	struct item *items = arena_array(s->arena, n, sizeof(*items));
	struct item *scratch = arena_array(s->arena, n, sizeof(*items));

	s->rank = arena_array(s->arena, n, sizeof(*s->rank));
	s->hash = arena_array(s->arena, n, sizeof(*s->hash));
	if (!items || !scratch || !s->rank || !s->hash)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		items[i] = (struct item){graph->class_hash[i], i};
	items_sort(items, scratch, n);
	for (i = 0; i < n; i++) {
		if (!i || items[i].key != items[i - 1].key)
			s->hash[ranks++] = items[i].key;
		s->rank[items[i].value] = ranks - 1;
	}
	return 0;
}

/* The pair of every edge of node that stays in its component is in pairs. */
static int pairs_collect(struct shapes *s, uint32_t node)
{
	const struct graph *graph = s->instances->graph;
	const uint32_t *component = s->instances->components.component;
	uint64_t from = s->rank[graph->class[node]];
	uint32_t e;

	for (e = graph->row[node]; e < graph->row[node + 1]; e++) {
		uint32_t to = graph->to[e];

		if (component[to] != component[node])
			continue;
		if (keys_add(&s->pairs, s->arena,
			     from << 32 | s->rank[graph->class[to]]))
			return -ENOMEM;
	}
	return 0;
}

/* classes and pairs hold the shape of an instance. Of a block alone that is
 * no cycle, a self edge is left out. */
static int shape_collect(struct shapes *s, uint32_t instance)
{
	const uint32_t *member = instance_member(s->instances, instance);
	uint32_t i, n = instance_members(s->instances, instance);
	enum finding_kind kind = instance_kind(s->instances, instance);

	s->classes.n = s->pairs.n = 0;
	for (i = 0; i < n; i++) {
		uint32_t class = s->instances->graph->class[member[i]];

		if (keys_add(&s->classes, s->arena, s->rank[class]))
			return -ENOMEM;
		if (kind == FINDING_CYCLE && pairs_collect(s, member[i]))
			return -ENOMEM;
	}
	keys_settle(&s->classes);
	keys_settle(&s->pairs);
	return 0;
}

static uint64_t shape_hash(const struct shapes *s, enum finding_kind kind)
{
	uint64_t h = mix(kind + 1);
	uint32_t i;

	for (i = 0; i < s->classes.n; i++)
		h = mix(h ^ s->hash[s->classes.items[i].key]);
	h = mix(h ^ s->classes.n);
	for (i = 0; i < s->pairs.n; i++) {
		h = mix(h ^ s->hash[s->pairs.items[i].key >> 32]);
		h = mix(h ^ s->hash[(uint32_t)s->pairs.items[i].key]);
	}
	return h ? h : 1;
}

/* Instances of one id have one number; numbers ascend with the ids. */
static int instances_fold(struct shapes *s)
{
	struct instances *in = s->instances;
	struct item *items = arena_array(s->arena, in->n, sizeof(*items));
	struct item *scratch = arena_array(s->arena, in->n, sizeof(*items));
	uint32_t i;

	if (!items || !scratch)
		return -ENOMEM;
	for (i = 0; i < in->n; i++)
		items[i] = (struct item){in->id[i], i};
	items_sort(items, scratch, in->n);
	for (i = 0; i < in->n; i++) {
		if (!i || items[i].key != items[i - 1].key)
			in->findings++;
		in->finding[items[i].value] = in->findings - 1;
	}
	return 0;
}

int shapes_find(struct instances *instances, struct arena *arena)
{
	struct shapes s = {.instances = instances, .arena = arena};
	uint32_t i, n = instances->n;

	instances->id = arena_array(arena, n, sizeof(uint64_t));
	instances->finding = arena_array(arena, n, sizeof(uint32_t));
	if (!instances->id || !instances->finding || ranks_find(&s))
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		if (shape_collect(&s, i))
			return -ENOMEM;
		instances->id[i] = shape_hash(&s, instance_kind(instances, i));
	}
	return instances_fold(&s);
}
