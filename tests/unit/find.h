/* Findings of a graph written by hand, for tests: m is the graph. */
#ifndef FIND_H
#define FIND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/arena.h"
#include "graph-make.h"
#include "graph/finding.h"
#include "graph/findings.h"
#include "graph/graph.h"

static struct make m;
static struct findings found;

/* Runs on m; found is the answer. */
static inline void find(uint32_t n)
{
	struct arena arena = {0};
	struct graph graph = make_graph(&m);

	assert_int_equal(findings_find(&graph, &arena, &found), 0);
	assert_true(findings_is_valid(&graph, &found));
	assert_int_equal(found.n, n);
}

static inline int teardown(void **state)
{
	(void)state;
	make_free(&m);
	arenas_drop();
	return 0;
}

/* The finding that shows node among its members. */
static inline const struct finding *with(uint32_t node)
{
	uint32_t i, k;

	for (i = 0; i < found.n; i++) {
		for (k = 0; k < found.list[i].members_n; k++) {
			if (found.list[i].members[k] == node)
				return &found.list[i];
		}
	}
	fail_msg("no finding shows node %u", node);
	return NULL;
}

static inline void sums_are(const struct finding *f, uint64_t count,
			    uint64_t bytes, uint64_t retained_blocks,
			    uint64_t retained_bytes)
{
	assert_int_equal(f->count, count);
	assert_int_equal(f->bytes, bytes);
	assert_int_equal(f->retained_blocks, retained_blocks);
	assert_int_equal(f->retained_bytes, retained_bytes);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

#endif
