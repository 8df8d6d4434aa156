/*
 * See sparse.h. Words are read twice: of some blocks of each class to count the
 * kinds, then of all blocks of the classes that have sparse ones. Where there
 * are none, which is mostly so, the second time is left out.
 *
 * Runs in the snapshot child. No locks.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/bits.h"
#include "base/sort.h"
#include "graph/census.h"
#include "graph/components.h"
#include "graph/graph.h"
#include "graph/sparse.h"

#define BLOCKS_LEAST 2u
/* So many blocks of a class are counted. */
#define BLOCKS_MOST 256u
/* Kinds of a class, and places in targets, that are told apart. */
#define KINDS_MOST (1u << 20)
#define PLACES_MOST (1u << 18)
/* A place is odd when fewer than one in so many lead there. */
#define ODD 8u
/* So many rare kinds of a class are very many. */
#define RARE_MANY 4u
/* The word before is at most so many bytes before. */
#define STRIDE 16u

struct counting {
	struct sparse *s;
	struct census kinds;  /* of the class at hand */
	struct census dense;  /* of all classes that were done */
	struct census places; /* in targets, by their class */
	uint32_t rank;
	/* When edges are judged: */
	uint32_t node;
	/* Of the two words before, the last first: */
	uint64_t offset[2], inside[2];
	uint32_t to[2]; /* the target's rank */
};

static uint64_t kind_of(uint32_t rank, uint64_t offset, uint64_t inside)
{
	return census_key(rank, offset, inside);
}

static bool is_near(const struct sparse *s, uint32_t node)
{
	const uint32_t *row = s->graph->row;
	uint32_t e;

	if (bit_is_set(s->ring, node))
		return true;
	for (e = row[node]; e < row[node + 1]; e++) {
		if (bit_is_set(s->ring, s->graph->to[e]))
			return true;
	}
	return false;
}

/* Fills near and near_n. Returns how many blocks are counted; 0 where no class
 * has enough of them. */
static uint32_t near_find(struct sparse *s)
{
	uint32_t i, n, picked = 0;

	for (i = 0; i < s->graph->n; i++) {
		if (!is_near(s, i))
			continue;
		bit_set(s->near, i);
		n = ++s->near_n[sparse_rank(s, i)];
		if (n == BLOCKS_LEAST)
			picked += n;
		else if (n > BLOCKS_LEAST && n <= BLOCKS_MOST)
			picked++;
	}
	return picked;
}

/* Fills ring, and makes near. */
static int rings_find(struct sparse *s)
{
	const struct graph *graph = s->graph;
	const uint32_t *component = s->all->component;
	size_t words = graph->n / 64 + 1ul;
	uint64_t *large = components_large(graph, s->all, s->arena);
	uint32_t i;

	s->ring = arena_array(s->arena, words, 8);
	s->near = arena_array(s->arena, words, 8);
	if (!large || !s->ring || !s->near)
		return -ENOMEM;
	for (i = 0; i < graph->n; i++) {
		if (component[i] != NODE_NONE &&
		    bit_is_set(large, component[i]))
			bit_set(s->ring, i);
	}
	arena_release(large, s->all->count / 64 + 1ul, 8);
	return 0;
}

/* Picks blocks from all over each class. */
static void blocks_pick(struct sparse *s, uint32_t *met, struct item *blocks)
{
	uint32_t i, picked = 0;

	for (i = 0; i < s->graph->n; i++) {
		uint32_t rank = sparse_rank(s, i);
		uint64_t k, n = s->near_n[rank];

		if (!bit_is_set(s->near, i) || n < BLOCKS_LEAST)
			continue;
		k = met[rank]++;
		if (n <= BLOCKS_MOST ||
		    k * BLOCKS_MOST / n != (k + 1) * BLOCKS_MOST / n)
			blocks[picked++] = (struct item){rank, i};
	}
}

static void count_word(uint32_t e, uint64_t offset, uint64_t inside, void *data)
{
	struct counting *c = data;
	struct sparse *s = c->s;

	if (inside == GRAPH_ALLOCATOR) {
		bit_set(s->some, c->rank);
		return;
	}
	census_count(&c->kinds, kind_of(c->rank, offset, inside), KINDS_MOST);
	if (inside) {
		uint32_t to = sparse_rank(s, s->graph->to[e]);

		s->into[to]++;
		census_count(&c->places, census_key(to, inside, 0),
			     PLACES_MOST);
	}
}

/*
 * How many of n blocks must have a kind that is dense: half of them. Where very
 * many kinds are rare, some reach that by chance, when blocks are few. Let each
 * block have a rare kind with a probability of p, and ask for more than five
 * standard deviations above n p.
 */
static uint32_t dense_least(const struct census *kinds, uint32_t n)
{
	const struct census_entry *kind = kinds->entries.list;
	uint64_t i, rare = 0, sum = 0, least = (n + 1) / 2, mean;

	for (i = 0; i < kinds->entries.n; i++) {
		if (kind[i].n == 1 || kind[i].n * 2 < n) {
			rare++;
			sum += kind[i].n;
		}
	}
	if (rare < RARE_MANY)
		return least;
	/* in units of 1/1024; the variance is n p (1 - p), below n p */
	mean = 1024 * sum / rare;
	while (least < n &&
	       (1024 * least - mean) * (1024 * least - mean) < 25 * 1024 * mean)
		least++;
	return least;
}

/* Keeps the dense kinds of the class, of which n blocks were counted. */
static void kinds_judge(struct counting *c, uint32_t n)
{
	const struct census_entry *kind = c->kinds.entries.list;
	uint32_t i, least = dense_least(&c->kinds, n);

	for (i = 0; i < c->kinds.entries.n; i++) {
		if (kind[i].n >= least)
			census_count(&c->dense, kind[i].key, UINT32_MAX);
		else
			bit_set(c->s->some, c->rank);
	}
	census_clear(&c->kinds);
}

/* Counts the blocks, which stand class by class. */
static void kinds_count(struct counting *c, const struct item *blocks,
			uint32_t n)
{
	const struct graph *graph = c->s->graph;
	uint32_t i, first = 0;

	for (i = 0; i < n; i++) {
		c->rank = (uint32_t)blocks[i].key;
		graph->words(graph, blocks[i].value, count_word, c);
		if (i + 1 < n && blocks[i + 1].key == blocks[i].key)
			continue;
		kinds_judge(c, i + 1 - first);
		first = i + 1;
	}
}

static int blocks_read(struct counting *c, uint32_t n)
{
	struct sparse *s = c->s;
	struct item *blocks = arena_array(s->arena, n, sizeof(*blocks));
	struct item *scratch = arena_array(s->arena, n, sizeof(*blocks));
	uint32_t *met = arena_array(s->arena, s->ranks->n, sizeof(*met));

	s->into = arena_array(s->arena, s->ranks->n, sizeof(uint32_t));
	s->some = arena_array(s->arena, s->ranks->n / 64 + 1ul, 8);
	if (!blocks || !scratch || !met || !s->into || !s->some)
		return -ENOMEM;
	blocks_pick(s, met, blocks);
	sort_items(blocks, scratch, n);
	kinds_count(c, blocks, n);
	arena_release(blocks, n, sizeof(*blocks));
	arena_release(scratch, n, sizeof(*blocks));
	arena_release(met, s->ranks->n, sizeof(*met));
	return c->kinds.failed || c->dense.failed || c->places.failed ? -ENOMEM
								      : 0;
}

/* What macros or runtimes told is no old word. */
static bool is_told(const struct graph *graph, uint32_t e)
{
	return (graph->link && graph->link[e]) ||
	       (graph->since && graph->since[e]) ||
	       (graph->back && graph->back[e]);
}

static bool place_is_odd(const struct counting *c, uint32_t e, uint64_t inside)
{
	const struct sparse *s = c->s;
	uint32_t to = sparse_rank(s, s->graph->to[e]);
	uint64_t n = census_of(&c->places, census_key(to, inside, 0));

	return inside == GRAPH_ALLOCATOR || (inside && n * ODD < s->into[to]);
}

static bool follows(const struct counting *c, uint64_t offset, uint64_t inside,
		    uint32_t to)
{
	uint32_t k;

	for (k = 0; k < 2; k++) {
		if (c->inside[k] == inside && c->to[k] == to &&
		    offset - c->offset[k] <= STRIDE)
			return true;
	}
	return false;
}

static void judge_word(uint32_t e, uint64_t offset, uint64_t inside, void *data)
{
	struct counting *c = data;
	struct sparse *s = c->s;
	uint64_t bit = e + (uint64_t)c->node;
	uint32_t to = sparse_rank(s, s->graph->to[e]);

	if (!is_told(s->graph, e) &&
	    !census_of(&c->dense, kind_of(c->rank, offset, inside))) {
		bit_set(s->edges, bit);
		if (place_is_odd(c, e, inside))
			bit_set(s->odd, bit);
		else if (follows(c, offset, inside, to))
			bit_set(s->next, bit);
	}
	c->offset[1] = c->offset[0];
	c->inside[1] = c->inside[0];
	c->to[1] = c->to[0];
	c->offset[0] = offset;
	c->inside[0] = inside;
	c->to[0] = to;
}

static int edges_judge(struct counting *c)
{
	struct sparse *s = c->s;
	const struct graph *graph = s->graph;
	size_t n = bits_of_edges(graph) / 8;

	s->edges = arena_array(s->arena, n, 8);
	s->odd = arena_array(s->arena, n, 8);
	s->next = arena_array(s->arena, n, 8);
	if (!s->edges || !s->odd || !s->next)
		return -ENOMEM;
	for (c->node = 0; c->node < graph->n; c->node++) {
		if (!sparse_may(s, c->node))
			continue;
		c->rank = sparse_rank(s, c->node);
		c->offset[0] = c->offset[1] = UINT64_MAX / 2;
		graph->words(graph, c->node, judge_word, c);
	}
	return 0;
}

static bool has_some(const struct sparse *s)
{
	uint32_t i;

	for (i = 0; i <= s->ranks->n / 64; i++) {
		if (s->some[i])
			return true;
	}
	return false;
}

int sparse_find(struct sparse *s)
{
	struct counting c = {.s = s};
	uint32_t n;
	int err = rings_find(s);

	s->near_n = arena_array(s->arena, s->ranks->n, sizeof(uint32_t));
	if (err || !s->near_n)
		return -ENOMEM;
	n = near_find(s);
	if (!n)
		return 0;
	err = blocks_read(&c, n);
	if (!err && has_some(s))
		err = edges_judge(&c);
	census_free(&c.kinds);
	census_free(&c.dense);
	census_free(&c.places);
	return err;
}
