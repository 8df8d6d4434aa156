/* Whole scans with declared objects, on heaps made by hand. */
#ifndef JUDGED_MAKE_H
#define JUDGED_MAKE_H

#include "graph/finding.h"
#include "graph/findings.h"
#include "scan-make.h"
#include "scan/classes.h"
#include "scan/declare.h"
#include "scan/declared.h"

#define A AT(0)
#define B AT(1)
#define C AT(2)
#define P AT(3)
#define Q AT(4)

static struct arena arena;
static struct findings found;

/* Blocks A, B, C, P, Q, of which three may be objects. */
static inline void begin(void)
{
	uintptr_t i;

	for (i = 0; i < 5; i++)
		block_of(AT(i), 128, stack(i));
	CHECK_EQUAL(blocks_build(NULL), 0);
	declare_begin(0);
}

static inline void object_at(uintptr_t block, uintptr_t at, int64_t count,
			     uint32_t flags)
{
	struct declared_object o = {
		.block = block, .at = at, .count = count, .flags = flags};

	CHECK_EQUAL(declare_object(&o), 0);
}

static inline void object(uintptr_t block, int64_t count, uint32_t flags)
{
	object_at(block, block, count, flags);
}

/* A word in a block, and what a runtime says of it. */
static inline void link_word(uintptr_t from, uintptr_t at, uintptr_t to)
{
	put(at, to);
	CHECK_EQUAL(declare_link(from, at, to), 0);
}

static inline void run(void)
{
	static struct late_shared shared;
	static struct maps none;

	CHECK_EQUAL(declare_end(&arena), 0);
	CHECK_EQUAL(late_begin(&shared, &none, true, false), 0);
	CHECK_EQUAL(scan_run(&roots, true, &arena, &scan), 0);
	CHECK_EQUAL(classes_find(&scan, &arena), 0);
	CHECK_EQUAL(findings_find(&scan.graph, &arena, &found), 0);
}

static inline bool is_live(uintptr_t block)
{
	return nodes_find(block) == NODE_NONE;
}

static inline uint8_t flags(uintptr_t block)
{
	CHECK(!is_live(block));
	return scan.graph.flags[nodes_find(block)];
}

static inline bool is_dead(uintptr_t block)
{
	return flags(block) & NODE_DEAD;
}

/* How many edges lead from one block to another. */
static inline uint32_t edges(uintptr_t from, uintptr_t to)
{
	uint32_t i = nodes_find(from), e, n = 0;

	for (e = scan.graph.row[i]; e < scan.graph.row[i + 1]; e++)
		n += scan.graph.to[e] == nodes_find(to);
	return n;
}

/* The finding that has the block as a member. */
static inline const struct finding *with(uintptr_t block)
{
	uint32_t i, k;

	for (i = 0; i < found.n; i++)
		for (k = 0; k < found.list[i].members_n; k++)
			if (found.list[i].members[k] == nodes_find(block))
				return &found.list[i];
	CHECK(!"found");
	return NULL;
}

/* Two objects that hold each other, by words of A and B. */
static inline void ring(int64_t a, int64_t b, uint32_t flags)
{
	begin();
	object(A, a, flags);
	object(B, b, flags);
	link_word(A, A + 16, B);
	link_word(B, B + 16, A);
}

#endif
