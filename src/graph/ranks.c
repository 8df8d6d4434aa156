/*
 * See ranks.h.
 *
 * Runs in the snapshot child. No locks.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/sort.h"
#include "graph/graph.h"
#include "graph/ranks.h"

int ranks_find(const struct graph *graph, struct arena *arena,
	       struct ranks *out)
{
	uint32_t i, n = graph->classes;
	struct item *items = arena_array(arena, n, sizeof(*items));
	struct item *scratch = arena_array(arena, n, sizeof(*items));

	out->rank = arena_array(arena, n, sizeof(*out->rank));
	out->hash = arena_array(arena, n, sizeof(*out->hash));
	out->n = 0;
	if (!items || !scratch || !out->rank || !out->hash)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		items[i] = (struct item){graph->class_hash[i], i};
	sort_items(items, scratch, n);
	for (i = 0; i < n; i++) {
		if (!i || items[i].key != items[i - 1].key)
			out->hash[out->n++] = items[i].key;
		out->rank[items[i].value] = out->n - 1;
	}
	arena_release(items, n, sizeof(*items));
	arena_release(scratch, n, sizeof(*items));
	return 0;
}
