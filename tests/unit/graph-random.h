/* Random graphs of a few nodes: the same for the same random_state. */
#ifndef GRAPH_RANDOM_H
#define GRAPH_RANDOM_H

#include <stdint.h>
#include "graph-make.h"
#include "graph/graph.h"

#define COLOURS 4u /* distinct class hashes */

static uint64_t random_state;

/* xorshift64 (Marsaglia 2003). */
static inline uint32_t below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 33) % n;
}

static inline uint64_t colour_hash(uint32_t colour)
{
	return (colour * 3 + 1) * 0xd6e8feb86659fd93u;
}

/* Small rings, joined downwards, so that many findings nest. */
static inline void edges_of_rings(struct make *m)
{
	uint32_t i, k;

	for (i = 0; i + 1 < m->n; i++) {
		for (k = below(3); k && i + k < m->n; k--)
			make_edge(m, i + k - 1, i + k);
		if (below(2))
			make_edge(m, i + 1, i);
	}
	for (k = below(2 * m->n); k; k--) {
		i = below(m->n);
		make_edge(m, i, i + below(m->n - i));
	}
}

/* A deep tree of pairs, some of them held by others too. */
static inline void graph_deep(struct make *m)
{
	uint32_t i, k, pairs = 2 + below(14);

	for (i = 0; i < pairs; i++) {
		uint32_t a = make_ring(m, 2, below(4));

		m->class[a + 1] = m->class[a];
		k = i < 2 ? i : 1 + below(i < 3 ? i : 3);
		if (i)
			make_edge(m, a - 2 * k, a + 1);
	}
	for (k = below(6); k; k--) {
		i = below(pairs);
		make_edge(m, 2 * i, 2 * (i + below(pairs - i)) + 1);
	}
	for (i = 0; i < m->classes; i++)
		m->class_hash[i] = colour_hash(i);
}

/* What macros might tell of a graph: counts about as many as there are words,
 * links, objects that link themselves or are dead. */
static inline void add_macros(struct make *m)
{
	uint32_t i, e, linked = below(4), named = below(4);

	for (i = 0; i < m->n; i++) {
		uint32_t words = 0;

		m->flags[i] |= below(8) ? 0 : NODE_SELF;
		m->flags[i] |= below(8) ? 0 : NODE_DEAD;
		for (e = 0; e < m->edges; e++)
			words += m->target[e] == i;
		if (below(2))
			make_count(m, i,
				   words + below(3) - (words && below(2)));
	}
	m->linked = linked || named;
	for (e = 0; e < m->edges; e++) {
		m->since[e] = below(4) < linked ? 1 + below(6) : 0;
		m->back[e] = below(8) < named;
	}
}

static inline void graph_random(struct make *m)
{
	uint32_t i, n = 1 + below(18), classes = 1 + below(6);
	uint32_t epochs = 1 + below(2) * 3, colours = 1 + below(COLOURS);
	uint32_t suspects = below(4) ? 0 : 1 + below(n);

	for (i = 0; i < n; i++) {
		make_node(m, below(classes), below(6) * 8);
		m->epoch[i] = (uint8_t)below(epochs);
		m->flags[i] = below(n) < suspects ? NODE_SUSPECT : 0;
	}
	for (i = 0; i < m->classes; i++)
		m->class_hash[i] = colour_hash(below(colours));
	if (below(2)) {
		edges_of_rings(m);
		return;
	}
	for (i = below(below(3) ? 2 * n : n * n / 2 + 1); i; i--)
		make_edge(m, below(n), below(n));
}

#endif
