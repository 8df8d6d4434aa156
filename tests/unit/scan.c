/* A whole scan, on heaps made by hand: the graph of what no root reaches. */
#include <string.h>
#include "process/real.h"
#include "refs/refs.h"
#include "scan-make.h"
#include "scan/lone.h"

static void run(void)
{
	static struct late_shared shared;
	static struct maps none;
	static struct arena arena;

	CHECK_EQUAL(blocks_build(NULL), 0);
	CHECK_EQUAL(late_begin(&shared, &none, true, false), 0);
	CHECK_EQUAL(scan_run(&roots, true, &arena, &scan), 0);
}

/* The nodes are those blocks, in order; 0 ends the list. */
static void nodes_are(const uintptr_t *wanted)
{
	uint32_t i;

	for (i = 0; wanted[i]; i++) {
		CHECK(i < scan.graph.n);
		CHECK_EQUAL(nodes_block(i), wanted[i]);
		CHECK_EQUAL(nodes_find(wanted[i]), i);
	}
	CHECK_EQUAL(scan.graph.n, i);
}

#define NODES(...) nodes_are((const uintptr_t[]){__VA_ARGS__, 0})

/* The edges of a node lead to those, in order; NODE_NONE ends the list. */
static void edges_are(uint32_t node, const uint32_t *to)
{
	uint32_t e = scan.graph.row[node], i;

	for (i = 0; to[i] != NODE_NONE; i++, e++) {
		CHECK(e < scan.graph.row[node + 1]);
		CHECK_EQUAL(scan.graph.to[e], to[i]);
	}
	CHECK_EQUAL(scan.graph.row[node + 1], e);
}

#define EDGES(node, ...) \
	edges_are(node, (const uint32_t[]){__VA_ARGS__, NODE_NONE})
#define NO_EDGES(node) edges_are(node, (const uint32_t[]){NODE_NONE})

static void nothing_is_lost(void)
{
	block(AT(0), 64);
	block(AT(1), 64);
	put(AT(0) + 8, AT(1));
	hold(AT(0), ROOT_STRONG);
	run();
	CHECK_EQUAL(scan.graph.n, 0);
	CHECK_EQUAL(scan.graph.row[0], 0);
}

static void no_blocks(void)
{
	run();
	CHECK_EQUAL(scan.graph.n, 0);
}

/* One edge a word, in order of the words: also twice, into the block, and to
 * itself; none to what is reached. */
static void an_edge_a_word(void)
{
	block(AT(0), 64);
	block(AT(1), 64);
	block(AT(2), 44);
	block(AT(3), 64);
	hold(AT(3), ROOT_STRONG);
	put(AT(0), AT(2));
	put(AT(0) + 16, AT(1) + 63);
	put(AT(0) + 24, AT(3));
	put(AT(0) + 32, AT(1));
	put(AT(0) + 40, AT(0) + 8);
	put(AT(0) + 56, AT(1) + 64); /* past its end */
	put(AT(1), 12345);
	put(AT(2) + 32, AT(0));
	put(AT(2) + 40, AT(0)); /* past its own end */
	run();
	NODES(AT(0), AT(1), AT(2));
	EDGES(0, 2, 1, 1, 0);
	NO_EDGES(1);
	EDGES(2, 0);
}

/* Who points to where a block of malloc's ends holds it. */
static void past_the_end(void)
{
	real_is_glibc = true;
	block(AT(0), 64);
	block(AT(1), 40);
	put(AT(1) - 8, 48 | 1);
	put(AT(0), AT(1) + 40);
	run();
	NODES(AT(0), AT(1));
	EDGES(0, 1);
}

/* Blocks that nothing is to do with are counted by their stacks; the first of
 * each stays, and the edges of the others are as they were. */
static void those_alone(void)
{
	unsigned i;

	for (i = 0; i < 10; i++)
		block_of(AT(i), 10 + i, stack(i % 2));
	block_of(AT(20), 64, stack(0));
	block_of(AT(21), 64, stack(5));
	put(AT(20), AT(21));
	put(AT(21), AT(9)); /* not alone */
	run();
	NODES(AT(0), AT(1), AT(9), AT(20), AT(21));
	NO_EDGES(0);
	NO_EDGES(1);
	NO_EDGES(2);
	EDGES(3, 4);
	EDGES(4, 2);
	CHECK_EQUAL(scan.lone[stack(0)].n, 4);
	CHECK_EQUAL(scan.lone[stack(0)].bytes, 12 + 14 + 16 + 18);
	CHECK_EQUAL(scan.lone[stack(1)].n, 3);
	CHECK_EQUAL(scan.lone[stack(1)].bytes, 13 + 15 + 17);
	CHECK_EQUAL(scan.lone[stack(5)].n, 0);
}

/* The first that is a suspect stays, and the first that is none. */
static void suspects_alone(void)
{
	unsigned i;

	for (i = 0; i < 6; i++)
		block(AT(i), 16);
	hold(AT(1), ROOT_STALE);
	hold(AT(3), ROOT_STALE);
	run();
	NODES(AT(0), AT(1));
	CHECK_EQUAL(scan.graph.flags[0], 0);
	CHECK_EQUAL(scan.graph.flags[1], NODE_SUSPECT);
	CHECK_EQUAL(scan.lone[stack(1)].n, 4);
}

/* What is told of a node. */
static void of_nodes(void)
{
	uintptr_t large = reserve(5ul << 30, PROT_READ | PROT_WRITE);

	block_of(AT(0), 48, stack(3));
	heap_next_epoch();
	heap_next_epoch();
	block_of(AT(1), 96, stack(4));
	block_of(large, 5ul << 30, stack(7));
	put(AT(0), AT(1));
	put(AT(1), AT(0));
	put(large + (3ul << 30), AT(1));
	run();
	CHECK_EQUAL(scan.graph.n, 3);
	CHECK_EQUAL(graph_size(&scan.graph, nodes_find(AT(0))), 48);
	CHECK_EQUAL(graph_size(&scan.graph, nodes_find(AT(1))), 96);
	CHECK_EQUAL(graph_size(&scan.graph, nodes_find(large)), 5ul << 30);
	CHECK_EQUAL(scan.node_stack[nodes_find(AT(0))], stack(3));
	CHECK_EQUAL(scan.node_stack[nodes_find(AT(1))], stack(4));
	CHECK_EQUAL(scan.graph.epoch[nodes_find(AT(0))], 0);
	CHECK_EQUAL(scan.graph.epoch[nodes_find(AT(1))], 2);
	EDGES(nodes_find(large), nodes_find(AT(1)));
	CHECK(!scan.graph.count && !scan.graph.back && !scan.graph.since);
}

/* What a suspect word holds is a suspect, and so is what hangs on it. */
static void suspects(void)
{
	block(AT(0), 64);
	block(AT(1), 64);
	block(AT(2), 64);
	put(AT(0), AT(1));
	put(AT(1), AT(0));
	put(AT(2), AT(2));
	hold(AT(0) + 8, ROOT_FOREIGN);
	run();
	NODES(AT(0), AT(1), AT(2));
	CHECK_EQUAL(scan.graph.flags[0], NODE_SUSPECT);
	CHECK_EQUAL(scan.graph.flags[1], NODE_SUSPECT);
	CHECK_EQUAL(scan.graph.flags[2], 0);
}

/* More nodes and edges than any step looks ahead, at random, against what was
 * written. */
static void many_edges(void)
{
	static uint32_t to[2000][7];
	uint32_t i, k;

	srand(20240602);
	for (i = 0; i < 2000; i++)
		block(AT(i), 56);
	for (i = 0; i < 2000; i++)
		for (k = 0; k < 7; k++) {
			to[i][k] = rand() % 2000;
			put(AT(i) + 8 * k, AT(to[i][k]) + rand() % 56);
		}
	run();
	CHECK_EQUAL(scan.graph.n, 2000);
	for (i = 0; i < 2000; i++) {
		CHECK_EQUAL(scan.graph.row[i], 7 * i);
		for (k = 0; k < 7; k++)
			CHECK_EQUAL(scan.graph.to[7 * i + k], to[i][k]);
	}
}

static void object(uintptr_t at)
{
	refs_object(at, "Thing", 1, stack(9));
}

static void two_objects(void)
{
	CHECK_EQUAL(refs_init(), 0);
	block(AT(0), 64);
	block(AT(1), 64);
	object(AT(0));
	object(AT(1));
}

static void link_each_other(void)
{
	put(AT(0) + 8, AT(1));
	refs_link(AT(0), AT(0) + 8, "a", AT(1), 0);
	put(AT(1) + 8, AT(0));
	refs_link(AT(1), AT(1) + 8, "b", AT(0), 0);
}

/* A weak field is no edge; a link is one with a name and a time. */
static void fields(void)
{
	two_objects();
	put(AT(0) + 8, AT(1));
	refs_link(AT(0), AT(0) + 8, "kid", AT(1), 0);
	put(AT(1) + 16, AT(0));
	refs_weak(AT(1), AT(1) + 16, "other", 0);
	put(AT(1) + 24, AT(0));
	refs_link(AT(1), AT(1) + 24, "parent", AT(0), 0);
	put(AT(1) + 32, AT(1));
	run();
	NODES(AT(0), AT(1));
	EDGES(0, 1);
	EDGES(1, 0, 1);
	CHECK(scan.graph.since[0] && scan.graph.since[1] > scan.graph.since[0]);
	CHECK_EQUAL(scan.graph.since[2], 0);
	CHECK(!scan.graph.back[0] && scan.graph.back[1] && !scan.graph.back[2]);
	CHECK_EQUAL(scan.graph.count[0], 1);
	CHECK_EQUAL(scan.graph.count[1], 1);
}

/* Two that hold each other's only count are dead, whatever points at them. */
static void dead_though_reached(void)
{
	two_objects();
	refs_ref(AT(0), 0);
	refs_unref(AT(0), 0);
	link_each_other();
	hold(AT(0), ROOT_STRONG);
	run();
	NODES(AT(0), AT(1));
	CHECK_EQUAL(scan.graph.flags[0], NODE_DEAD);
	CHECK_EQUAL(scan.graph.flags[1], NODE_DEAD);
}

/* One count more is somebody's. */
static void live_by_a_count(void)
{
	two_objects();
	refs_ref(AT(0), 0);
	link_each_other();
	hold(AT(0), ROOT_STRONG);
	run();
	CHECK_EQUAL(scan.graph.n, 0);
}

/* An object that counts a reference on itself. */
static void on_itself(void)
{
	two_objects();
	put(AT(0) + 8, AT(0));
	refs_link(AT(0), AT(0) + 8, "me", AT(0), 0);
	put(AT(1) + 8, AT(1));
	run();
	NODES(AT(0), AT(1));
	CHECK(scan.graph.flags[0] & NODE_SELF);
	CHECK(!(scan.graph.flags[1] & NODE_SELF));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CHILD(nothing_is_lost),
		IN_CHILD(no_blocks),
		IN_CHILD(an_edge_a_word),
		IN_CHILD(past_the_end),
		IN_CHILD(those_alone),
		IN_CHILD(suspects_alone),
		IN_CHILD(of_nodes),
		IN_CHILD(suspects),
		IN_CHILD(many_edges),
		IN_CHILD(fields),
		IN_CHILD(dead_though_reached),
		IN_CHILD(live_by_a_count),
		IN_CHILD(on_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
