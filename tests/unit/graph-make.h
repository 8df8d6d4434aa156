/*
 * Graphs written by hand, for the tests of the stages from graph to finding.
 */
#ifndef GRAPH_MAKE_H
#define GRAPH_MAKE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/pages.h"
#include "graph/graph.h"

/* A zeroed one is empty. Nodes and edges may be added in any order. What
 * macros told is there once something of it was. */
struct make {
	uint32_t n, edges, classes;
	uint32_t *from, *target, *row, *to, *class;
	uint64_t *size, *class_hash;
	uint32_t *small;
	struct graph_large *large;
	uint8_t *epoch, *flags;
	int64_t *count; /* -1 where make_count() said nothing */
	uint64_t *since, *to_since;
	uint8_t *back, *to_back;
	bool counted, linked, worded;
	struct make_place {
		uint64_t offset, inside;
	} * place, *to_place;	 /* of edges; where make_word() was called */
	const struct lone *lone; /* as in the graph */
};

/* Room for one more; it doubles. */
#define MAKE_GROW(array, n)                  \
	((n) & ((n)-1) ? (array)             \
		       : ((array) = realloc( \
				  (array), (2 * (n) + 1) * sizeof(*(array)))))

/* Classes are made as they are named; the hash goes with the number. */
static inline uint32_t make_node(struct make *m, uint32_t class, uint64_t size)
{
	MAKE_GROW(m->class, m->n);
	MAKE_GROW(m->size, m->n);
	MAKE_GROW(m->epoch, m->n);
	MAKE_GROW(m->flags, m->n);
	MAKE_GROW(m->count, m->n);
	m->count[m->n] = -1;
	m->class[m->n] = class;
	m->size[m->n] = size;
	m->epoch[m->n] = m->flags[m->n] = 0;
	for (; m->classes <= class; m->classes++) {
		MAKE_GROW(m->class_hash, m->classes);
		m->class_hash[m->classes] =
			(m->classes + 1) * 0x9e3779b97f4a7c15u;
	}
	return m->n++;
}

static inline void make_edge(struct make *m, uint32_t from, uint32_t to)
{
	MAKE_GROW(m->place, m->edges);
	m->place[m->edges] = (struct make_place){0};
	MAKE_GROW(m->from, m->edges);
	MAKE_GROW(m->target, m->edges);
	MAKE_GROW(m->since, m->edges);
	MAKE_GROW(m->back, m->edges);
	m->since[m->edges] = m->back[m->edges] = 0;
	m->from[m->edges] = from;
	m->target[m->edges++] = to;
}

/* since 0: only the name is known. */
static inline void make_link(struct make *m, uint32_t from, uint32_t to,
			     uint64_t since, bool back)
{
	make_edge(m, from, to);
	m->since[m->edges - 1] = since;
	m->back[m->edges - 1] = back;
	m->linked = true;
}

/* A word at that offset, which leads so far into its target. Those of a node
 * are to be made in order of their offsets. */
static inline void make_word(struct make *m, uint32_t from, uint32_t to,
			     uint64_t offset, uint64_t inside)
{
	make_edge(m, from, to);
	m->place[m->edges - 1] = (struct make_place){offset, inside};
	m->worded = true;
}

/* A graph_words_fn, for the graph that was made last. */
static struct make_place *make_places;
static inline void make_words(const struct graph *graph, uint32_t node,
			      graph_word_fn *visit, void *data)
{
	uint32_t e;

	for (e = graph->row[node]; e < graph->row[node + 1]; e++)
		visit(e, make_places[e].offset, make_places[e].inside, data);
}

static inline void make_count(struct make *m, uint32_t node, int64_t count)
{
	m->count[node] = count;
	m->counted = true;
}

/* A ring of n nodes of one class, 10 bytes each; its first node. */
static inline uint32_t make_ring(struct make *m, uint32_t n, uint32_t class)
{
	uint32_t i, first = m->n;

	for (i = 0; i < n; i++)
		make_node(m, class, 10);
	for (i = 0; i < n; i++)
		make_edge(m, first + i, first + (i + 1) % n);
	return first;
}

/* Valid until the next call with m. */
static inline struct graph make_graph(struct make *m)
{
	uint32_t i, large_n = 0;

	free(m->row);
	free(m->to);
	free(m->to_since);
	free(m->to_back);
	free(m->to_place);
	free(m->small);
	free(m->large);
	m->small = calloc(m->n + 1, sizeof(*m->small));
	m->large = calloc(m->n + 1, sizeof(*m->large));
	for (i = 0; i < m->n; i++) {
		m->small[i] = m->size[i] < SIZE_LARGE ? m->size[i] : SIZE_LARGE;
		if (m->size[i] >= SIZE_LARGE)
			m->large[large_n++] =
				(struct graph_large){m->size[i], i};
	}
	m->row = calloc(m->n + 2, sizeof(*m->row));
	m->to = calloc(m->edges + 1, sizeof(*m->to));
	m->to_since = calloc(m->edges + 1, sizeof(*m->to_since));
	m->to_back = calloc(m->edges + 1, sizeof(*m->to_back));
	m->to_place = calloc(m->edges + 1, sizeof(*m->to_place));
	make_places = m->to_place;
	for (i = 0; i < m->edges; i++)
		m->row[m->from[i] + 2]++;
	for (i = 2; i <= m->n; i++)
		m->row[i] += m->row[i - 1];
	for (i = 0; i < m->edges; i++) {
		uint32_t e = m->row[m->from[i] + 1]++;

		m->to[e] = m->target[i];
		m->to_since[e] = m->since[i];
		m->to_back[e] = m->back[i];
		m->to_place[e] = m->place[i];
	}
	return (struct graph){.n = m->n,
			      .row = m->row,
			      .to = m->to,
			      .size = m->small,
			      .large = m->large,
			      .class = m->class,
			      .epoch = m->epoch,
			      .lone = m->lone,
			      .flags = m->flags,
			      .classes = m->classes,
			      .class_hash = m->class_hash,
			      .count = m->counted ? m->count : NULL,
			      .back = m->linked ? m->to_back : NULL,
			      .since = m->linked ? m->to_since : NULL,
			      .words = m->worded ? make_words : NULL};
}

static inline void make_free(struct make *m)
{
	free(m->from);
	free(m->target);
	free(m->row);
	free(m->to);
	free(m->class);
	free(m->size);
	free(m->small);
	free(m->large);
	free(m->class_hash);
	free(m->epoch);
	free(m->flags);
	free(m->count);
	free(m->since);
	free(m->to_since);
	free(m->back);
	free(m->to_back);
	free(m->place);
	free(m->to_place);
	memset(m, 0, sizeof(*m));
}

/* Gives back what every arena holds, but the registry's chunks, which stand in
 * the first of their 1,024 slots; 32 slots are before them. */
static inline void arenas_drop(void)
{
	uintptr_t start, end;
	unsigned i;

	for (i = 0; pages_range(i, &start, &end); i++) {
		if (i % 1024 != 32 && start != end)
			arena_unmap((void *)start, end - start);
	}
}

#endif
