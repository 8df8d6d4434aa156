/*
 * Shapes: the classes of an instance's members and the pairs of classes that
 * its edges join. They are hashed to the id by which instances fold into
 * findings. The number of members in a class, addresses and sizes are not in
 * it, so the id is the same from run to run.
 *
 * Runs in the snapshot child. No locks.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/list.h"
#include "base/keys.h"
#include "base/sort.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "graph/instance.h"
#include "graph/shape.h"

#define TABLE_FIRST 64u

struct shapes {
	struct instances *instances;
	struct arena *arena;
	const uint32_t *rank;	    /* of a class: see ranks.h */
	const uint64_t *hash;	    /* of a rank */
	struct keys classes, pairs; /* of the instance at hand, as ranks */
	struct keys fields; /* hashes of (class, offset, class), if it is
			       undecided */
	/* The distinct ids in the order in which they came, and a hash table of
	 * their numbers, from 1. Its size is a power of two. */
	struct list ids;
	uint32_t *table, size;
};

/* The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* Adds the pair of each edge of node that stays in its component. */
static int pairs_collect(struct shapes *s, uint32_t node)
{
	const struct graph *graph = s->instances->graph;
	uint64_t from = s->rank[graph->class[node]];
	uint32_t e;

	for (e = graph->row[node]; e < graph->row[node + 1]; e++) {
		graph_ask(graph, graph->class, e);
		if (!edge_stays(s->instances, node, e))
			continue;
		if (keys_add(&s->pairs, s->arena,
			     from << 32 | s->rank[graph->class[graph->to[e]]]))
			return -ENOMEM;
	}
	return 0;
}

/* When many nodes are all of one class there is only one pair, and no need to
 * look. */
static int pairs_of(struct shapes *s, const uint32_t *member, uint32_t n)
{
	uint64_t only = s->classes.items[0].key;
	uint32_t i;

	if (s->classes.n == 1 && n > 1)
		return keys_add(&s->pairs, s->arena, only << 32 | only);
	for (i = 0; i < n; i++) {
		if (pairs_collect(s, member[i]))
			return -ENOMEM;
	}
	return 0;
}

struct field {
	struct shapes *s;
	uint32_t node;
	int err;
};

static void visit_field(uint32_t e, uint64_t offset, uint64_t inside,
			void *data)
{
	struct field *field = data;
	struct shapes *s = field->s;
	const struct graph *graph = s->instances->graph;
	uint64_t from = s->hash[s->rank[graph->class[field->node]]];
	uint64_t to = s->hash[s->rank[graph->class[graph->to[e]]]];

	if (!inside && edge_stays(s->instances, field->node, e))
		field->err |= keys_add(&s->fields, s->arena,
				       mix(from ^ mix(to ^ mix(offset))));
}

/* Whether what is undecided is dead depends on the types of its fields: those
 * with others are apart. */
static int fields_of(struct shapes *s, const uint32_t *member, uint32_t n)
{
	const struct graph *graph = s->instances->graph;
	struct field field = {.s = s};
	uint32_t i;

	if (!graph->words || !(graph->flags[*member] & NODE_UNDECIDED))
		return 0;
	for (i = 0; i < n; i++) {
		field.node = member[i];
		graph->words(graph, member[i], visit_field, &field);
	}
	keys_settle(&s->fields);
	return field.err;
}

/* Collects the shape of an instance in classes and pairs. The self edge of a
 * block alone that is no cycle is left out. */
static int shape_collect(struct shapes *s, uint32_t instance)
{
	const uint32_t *member = instance_member(s->instances, instance);
	uint32_t i, n = instance_members(s->instances, instance);

	s->classes.n = s->pairs.n = s->fields.n = 0;
	for (i = 0; i < n; i++) {
		uint32_t class = s->instances->graph->class[member[i]];

		if (keys_add(&s->classes, s->arena, s->rank[class]))
			return -ENOMEM;
	}
	keys_settle(&s->classes);
	if (instance_kind(s->instances, instance) != FINDING_CYCLE)
		return 0;
	if (pairs_of(s, member, n))
		return -ENOMEM;
	keys_settle(&s->pairs);
	return fields_of(s, member, n);
}

/* What is pending or undecided is apart from the rest. */
static uint64_t shape_hash(const struct shapes *s, enum finding_kind kind,
			   uint8_t flags)
{
	uint64_t h = mix(kind + 1 + flags);
	uint32_t i;

	for (i = 0; i < s->classes.n; i++)
		h = mix(h ^ s->hash[s->classes.items[i].key]);
	h = mix(h ^ s->classes.n);
	for (i = 0; i < s->pairs.n; i++) {
		h = mix(h ^ s->hash[s->pairs.items[i].key >> 32]);
		h = mix(h ^ s->hash[(uint32_t)s->pairs.items[i].key]);
	}
	for (i = 0; i < s->fields.n; i++)
		h = mix(h ^ s->fields.items[i].key);
	return h ? h : 1;
}

static uint32_t *table_place(const struct shapes *s, uint64_t id)
{
	const uint64_t *ids = s->ids.list;
	uint32_t at = (uint32_t)id;

	for (;; at++) {
		uint32_t *place = &s->table[at & (s->size - 1)];

		if (!*place || ids[*place - 1] == id)
			return place;
	}
}

static int table_grow(struct shapes *s)
{
	uint32_t *old = s->table, size = s->size, i;

	s->size = size ? size * 2 : TABLE_FIRST;
	s->table = arena_array(s->arena, s->size, sizeof(*s->table));
	if (!s->table)
		return -ENOMEM;
	for (i = 0; i < s->ids.n; i++)
		*table_place(s, ((uint64_t *)s->ids.list)[i]) = i + 1;
	arena_release(old, size, sizeof(*old));
	return 0;
}

/* The number of an id, which is added when it is new; or -ENOMEM. */
static int id_number(struct shapes *s, uint64_t id, uint32_t *number)
{
	uint32_t *place;

	if (s->ids.n * 2 >= s->size && table_grow(s))
		return -ENOMEM;
	place = table_place(s, id);
	if (!*place) {
		if (!list_add(&s->ids, &id, sizeof(id)))
			return -ENOMEM;
		*place = s->ids.n;
	}
	*number = *place - 1;
	return 0;
}

/* Numbers the shapes of blocks alone, by class. */
static int lost_number(struct shapes *s)
{
	struct instances *in = s->instances;
	const struct graph *graph = in->graph;
	uint32_t i;

	in->lost = arena_array(s->arena, graph->classes, sizeof(uint32_t));
	if (!in->lost)
		return -ENOMEM;
	memset(in->lost, 0xff, graph->classes * sizeof(uint32_t));
	for (i = 0; i < graph->n; i++) {
		uint32_t class = graph->class[i];

		if (!node_is_alone(in, i) || in->lost[class] != NODE_NONE)
			continue;
		s->classes.n = s->pairs.n = s->fields.n = 0;
		if (keys_add(&s->classes, s->arena, s->rank[class]) ||
		    id_number(s, shape_hash(s, FINDING_LOST, 0),
			      &in->lost[class]))
			return -ENOMEM;
	}
	return 0;
}

/* Renumbers the ids, so that numbers ascend with them. */
static int numbers_sort(struct shapes *s)
{
	struct instances *in = s->instances;
	uint32_t i, n = s->ids.n;
	struct item *items = arena_array(s->arena, n, sizeof(*items));
	struct item *scratch = arena_array(s->arena, n, sizeof(*items));
	uint32_t *number = arena_array(s->arena, n, sizeof(*number));

	in->id = arena_array(s->arena, n, sizeof(*in->id));
	if (!items || !scratch || !number || !in->id)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		items[i] = (struct item){((uint64_t *)s->ids.list)[i], i};
	sort_items(items, scratch, n);
	for (i = 0; i < n; i++) {
		in->id[i] = items[i].key;
		number[items[i].value] = i;
	}
	for (i = 0; i < in->n; i++)
		in->finding[i] = number[in->finding[i]];
	for (i = 0; i < in->graph->classes; i++) {
		if (in->lost[i] != NODE_NONE)
			in->lost[i] = number[in->lost[i]];
	}
	in->findings = n;
	arena_release(items, n, sizeof(*items));
	arena_release(scratch, n, sizeof(*items));
	arena_release(number, n, sizeof(*number));
	return 0;
}

static uint8_t instance_apart(const struct instances *in, uint32_t instance)
{
	uint32_t node = *instance_member(in, instance);

	if (in->graph->flags[node] & NODE_UNDECIDED)
		return 32;
	return instance_is_pending(in, instance) ? 16 : 0;
}

static int instances_fold(struct shapes *s)
{
	struct instances *in = s->instances;
	uint32_t i;

	in->finding = arena_array(s->arena, in->n, sizeof(uint32_t));
	if (!in->finding)
		return -ENOMEM;
	for (i = 0; i < in->n; i++) {
		if (shape_collect(s, i) ||
		    id_number(s,
			      shape_hash(s, instance_kind(in, i),
					 instance_apart(in, i)),
			      &in->finding[i]))
			return -ENOMEM;
	}
	return lost_number(s);
}

int shapes_find(struct instances *instances, struct arena *arena)
{
	struct shapes s = {.instances = instances,
			   .arena = arena,
			   .rank = instances->ranks.rank,
			   .hash = instances->ranks.hash};
	int err = instances_fold(&s);

	if (!err)
		err = numbers_sort(&s);
	arena_release(s.table, s.size, sizeof(*s.table));
	list_free(&s.ids, sizeof(uint64_t));
	return err;
}
