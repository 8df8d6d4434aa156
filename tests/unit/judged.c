/* Whole scans with declared objects, on heaps made by hand: what counts prove
 * dead although words lead to it, what they leave alone, what a collector
 * frees. */
#include <string.h>
#include "graph/finding.h"
#include "graph/findings.h"
#include "graph/graph.h"
#include "heap-make.h"
#include "scan/classes.h"
#include "scan/declare.h"
#include "scan/declared.h"
#include "scan/judged.h"
#include "scan/late.h"
#include "scan/links.h"
#include "scan/nodes.h"
#include "scan/root.h"
#include "scan/scan.h"
#include "scan/scanned.h"

#define AT(i) (room + HERE + 0x100ul * (i)) /* of block i */
#define A AT(0)
#define B AT(1)
#define C AT(2)
#define P AT(3)
#define Q AT(4)

static struct arena arena;
static struct scan scan;
static struct findings found;
static struct root root[4];
static struct roots roots = {.list = root, .room = 4};

/* A root of one word. */
static uintptr_t hold(uintptr_t word, enum root_kind kind)
{
	uintptr_t at = room + 64 + 8 * roots.n;

	put(at, word);
	root[roots.n++] = (struct root){
		.low = at,
		.high = at + 8,
		.kind = kind,
		.explicit = true,
	};
	return at;
}

/* Blocks A, B, C, P, Q, of which three may be objects. */
static void begin(void)
{
	uintptr_t i;

	for (i = 0; i < 5; i++)
		block_of(AT(i), 128, stack(i));
	CHECK_EQUAL(blocks_build(NULL), 0);
	declare_begin(0);
}

static void object_at(uintptr_t block, uintptr_t at, int64_t count,
		      uint32_t flags)
{
	struct declared_object o = {block, at, count, flags};

	CHECK_EQUAL(declare_object(&o), 0);
}

static void object(uintptr_t block, int64_t count, uint32_t flags)
{
	object_at(block, block, count, flags);
}

/* A word in a block, and what a runtime says of it. */
static void link_word(uintptr_t from, uintptr_t at, uintptr_t to)
{
	put(at, to);
	CHECK_EQUAL(declare_link(from, at, to), 0);
}

static void run(void)
{
	static struct late_shared shared;
	static struct maps none;

	CHECK_EQUAL(declare_end(&arena), 0);
	CHECK_EQUAL(late_begin(&shared, &none, true, false), 0);
	CHECK_EQUAL(scan_run(&roots, &arena, &scan), 0);
	CHECK_EQUAL(classes_find(&scan, &arena), 0);
	CHECK_EQUAL(findings_find(&scan.graph, &arena, &found), 0);
}

static bool is_live(uintptr_t block)
{
	return nodes_find(block) == NODE_NONE;
}

static uint8_t flags(uintptr_t block)
{
	CHECK(!is_live(block));
	return scan.graph.flags[nodes_find(block)];
}

static bool is_dead(uintptr_t block)
{
	return flags(block) & NODE_DEAD;
}

/* How many edges lead from one block to another. */
static uint32_t edges(uintptr_t from, uintptr_t to)
{
	uint32_t i = nodes_find(from), e, n = 0;

	for (e = scan.graph.row[i]; e < scan.graph.row[i + 1]; e++)
		n += scan.graph.to[e] == nodes_find(to);
	return n;
}

/* The finding that has the block as a member. */
static const struct finding *with(uintptr_t block)
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
static void ring(int64_t a, int64_t b, uint32_t flags)
{
	begin();
	object(A, a, flags);
	object(B, b, flags);
	link_word(A, A + 16, B);
	link_word(B, B + 16, A);
}

/* A registry's word leads to a ring. */
static void held_by_a_registry(void)
{
	ring(1, 1, DECLARED_WHOLE);
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_dead(A));
	CHECK(!is_dead(B)); /* nothing leads there */
	CHECK_EQUAL(edges(A, B), 1);
	CHECK_EQUAL(edges(B, A), 1);
	CHECK_EQUAL(scan.graph.count[nodes_find(A)], (uintptr_t)-1);
	CHECK_EQUAL(with(A)->kind, FINDING_CYCLE);
	CHECK_EQUAL(with(A)->confidence, CONFIDENCE_CERTAIN);
	CHECK(with(A)->dead && !with(A)->pending);
}

static void held_by_an_owner(void)
{
	ring(2, 1, DECLARED_WHOLE);
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(B));
}

/* A live object's link holds, whatever else leads there. */
static void held_by_a_link(void)
{
	ring(1, 2, DECLARED_WHOLE);
	object(C, 1, DECLARED_WHOLE);
	link_word(C, C + 8, B);
	hold(C, ROOT_STRONG);
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(B) && is_live(C));
}

/* More links than counts: a lie, which proves nothing. */
static void too_many_links(void)
{
	ring(1, 1, DECLARED_WHOLE);
	object(C, 1, DECLARED_WHOLE);
	link_word(C, C + 8, A);
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(B));
	CHECK(!is_dead(C));
}

/* A collector's list leads through whole objects. */
static void words_of_whole_objects(void)
{
	begin();
	object(A, 1, DECLARED_WHOLE);
	object(B, 2, DECLARED_WHOLE);
	put(A, B);
	put(A + 8, P); /* C memory is its own as ever */
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(P));
	CHECK(!is_live(B) && !is_dead(B));
	CHECK_EQUAL(scan.graph.count[nodes_find(B)], 2);
	CHECK_EQUAL(with(B)->kind, FINDING_EXCESS);
}

/* Of an object that is not whole, any word may be a reference. */
static void words_of_others(void)
{
	begin();
	object(A, 1, 0);
	object(B, 1, 0);
	put(A, B);
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(B));
}

/* What only a weak word of a root leads to is reached by nothing. */
static void weak_roots(void)
{
	begin();
	object(A, 1, DECLARED_WHOLE);
	uintptr_t at = hold(A, ROOT_STRONG);
	CHECK_EQUAL(declare_weak(at, at + 8), 0);
	run();
	CHECK(!is_live(A) && !is_dead(A));
	CHECK_EQUAL(with(A)->kind, FINDING_EXCESS);
}

/* A borrowed word holds what live memory needs, and nothing else. */
static void borrowed(void)
{
	begin();
	object(A, 1, 0);
	object(B, 1, 0);
	object(C, 1, 0);
	link_word(A, A + 8, B);
	put(B + 8, A);
	CHECK_EQUAL(declare_borrowed(B + 8, B + 16), 0);
	put(P + 8, C);
	CHECK_EQUAL(declare_borrowed(P + 8, P + 16), 0);
	hold(P, ROOT_STRONG);
	run();
	CHECK(is_live(C));
	CHECK_EQUAL(edges(A, B), 1);
	CHECK_EQUAL(edges(B, A), 0);
	CHECK_EQUAL(with(A)->kind, FINDING_EXCESS);
}

/* A → P → B → A, where P is C memory. */
static void through_c_memory(void)
{
	begin();
	object(A, 1, DECLARED_WHOLE | DECLARED_COLLECTED);
	object(B, 1, DECLARED_WHOLE | DECLARED_COLLECTED);
	put(A + 8, P);
	put(P + 8, B);
	link_word(B, B + 8, A);
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_dead(A));
	CHECK(!is_live(P) && !is_live(B));
	CHECK_EQUAL(with(A)->kind, FINDING_CYCLE);
	CHECK_EQUAL(with(A)->members_total, 3);
	CHECK(!with(A)->pending); /* no collector sees P's reference */
}

/* The same, but live memory has a word that may be B's reference. */
static void through_held_c_memory(void)
{
	begin();
	object(A, 1, DECLARED_WHOLE);
	object(B, 1, DECLARED_WHOLE);
	put(A + 8, P);
	put(P + 8, B);
	link_word(B, B + 8, A);
	hold(B, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(B) && is_live(P));
}

/* Words of live memory that can be no references: then words of what is not
 * reached explain a count. */
static void touched(void)
{
	begin();
	object(A, 1, DECLARED_EXACT);
	object(B, 1, DECLARED_EXACT);
	put(A + 16, B);
	put(B + 16, A);
	hold(A + 24, ROOT_STRONG);
	run();
	CHECK(is_dead(A) && !is_live(B));
	CHECK(flags(A) & NODE_FOUND);
	CHECK_EQUAL(with(A)->confidence, CONFIDENCE_LIKELY);
}

static void touched_and_unexplained(void)
{
	begin();
	object(A, 2, DECLARED_EXACT);
	object(B, 1, DECLARED_EXACT);
	put(A + 16, B);
	put(B + 16, A);
	hold(A + 24, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(B));
}

/* A's words are found first to explain B; then A is live. */
static void touched_by_what_lives(void)
{
	begin();
	object(A, 2, DECLARED_EXACT);
	object(B, 1, DECLARED_EXACT);
	put(A + 16, B);
	hold(A + 24, ROOT_STRONG);
	hold(B + 24, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(B));
}

/* References have an address inside of the block. */
static void inside(void)
{
	begin();
	object_at(A, A + 32, 1, DECLARED_EXACT);
	object_at(B, B + 32, 1, DECLARED_EXACT | DECLARED_WHOLE);
	hold(A + 32, ROOT_STRONG);
	hold(B, ROOT_STRONG);
	put(P, B);
	hold(P, ROOT_STRONG);
	run();
	CHECK(is_live(A));
	/* its reference is unseen, so it lives: B is somebody's */
	CHECK(is_live(B));
}

/* A's list P holds B, which holds A. */
static void parts(bool owned)
{
	begin();
	object(A, owned ? 2 : 1, DECLARED_WHOLE);
	object(B, 1, DECLARED_WHOLE);
	put(A + 8, P);
	CHECK_EQUAL(declare_part(P, A), 0);
	link_word(A, P + 24, B);
	put(P + 32, C); /* borrowed */
	object(C, 1, DECLARED_WHOLE);
	link_word(B, B + 8, A);
	hold(P + 24, ROOT_STRONG); /* somebody walks the list */
	run();
}

static void dead_parts(void)
{
	parts(false);
	CHECK(is_dead(A));
	CHECK(!is_live(P) && !is_live(B));
	CHECK_EQUAL(edges(A, P), 1);
	CHECK_EQUAL(edges(P, B), 1);
	CHECK_EQUAL(edges(P, C), 0);
	CHECK_EQUAL(with(A)->kind, FINDING_CYCLE);
	CHECK_EQUAL(with(A)->members_total, 3);
}

static void live_parts(void)
{
	parts(true);
	CHECK(is_live(A) && is_live(P) && is_live(B));
	CHECK(!is_live(C));
}

/* No word of the object leads to its part, or to what it links. */
static void unknown_addresses(void)
{
	begin();
	object(A, 1, 0);
	CHECK_EQUAL(declare_part(P, A), 0);
	object(B, 1, DECLARED_WHOLE);
	object(C, 1, DECLARED_WHOLE);
	CHECK_EQUAL(declare_link(A, 0, B), 0);
	CHECK_EQUAL(declare_link(B, 0, C), 0);
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(P) && is_live(B) && is_live(C));
}

static void unknown_ring(void)
{
	begin();
	object(A, 1, 0);
	object(B, 1, 0);
	CHECK_EQUAL(declare_link(A, 0, B), 0);
	CHECK_EQUAL(declare_link(B, 0, A), 0);
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_dead(A));
	CHECK_EQUAL(edges(A, B), 1);
	CHECK_EQUAL(with(A)->kind, FINDING_CYCLE);
}

/* The word at a link's place is told once. */
static void one_edge_a_link(void)
{
	begin();
	object(A, 1, 0);
	object(B, 1, 0);
	link_word(A, A + 8, B);
	link_word(B, B + 8, A);
	run();
	CHECK_EQUAL(edges(A, B), 1);
	CHECK_EQUAL(edges(B, A), 1);
}

/* A count on itself. */
static void of_itself(void)
{
	begin();
	object(A, 1, DECLARED_WHOLE | DECLARED_COLLECTED);
	link_word(A, A + 8, A);
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_dead(A));
	CHECK_EQUAL(with(A)->kind, FINDING_CYCLE);
	CHECK(with(A)->pending);
}

static void pending(void)
{
	ring(1, 1, DECLARED_WHOLE | DECLARED_COLLECTED);
	run();
	CHECK(flags(A) & NODE_PENDING);
	CHECK(with(A)->pending);
	CHECK(!finding_is_alarm(with(A)));
}

/* What only the collector's own object holds is freed with it. */
static void pending_with_parts(void)
{
	begin();
	object(A, 1, DECLARED_WHOLE | DECLARED_COLLECTED);
	object(B, 1, DECLARED_WHOLE | DECLARED_COLLECTED);
	CHECK_EQUAL(declare_part(P, A), 0);
	put(A + 8, P);
	link_word(A, P + 8, B);
	link_word(B, B + 8, A);
	run();
	CHECK(with(A)->pending);
	CHECK_EQUAL(with(A)->members_total, 3);
}

/* A reference too many, though none leads there: the collector keeps it. */
static void not_pending(void)
{
	ring(1, 2, DECLARED_WHOLE | DECLARED_COLLECTED);
	run();
	CHECK(flags(A) & NODE_KEPT);
	CHECK(!with(A)->pending);
	CHECK(!with(B)->pending);
}

/* It does not see one of the objects. */
static void not_seen(void)
{
	begin();
	object(A, 1, DECLARED_WHOLE | DECLARED_COLLECTED);
	object(B, 1, DECLARED_WHOLE);
	link_word(A, A + 16, B);
	link_word(B, B + 16, A);
	run();
	CHECK(!with(A)->pending);
}

/* A word that proves little leads to an object with a count of its own. */
static void suspects(void)
{
	ring(1, 1, DECLARED_WHOLE);
	object(C, 1, DECLARED_WHOLE);
	hold(C, ROOT_STALE);
	hold(A, ROOT_STALE);
	run();
	CHECK(is_dead(A));
	CHECK(flags(C) & NODE_SUSPECT && !is_dead(C));
}

/* Pages of what is live are read for names. */
static void any(void)
{
	begin();
	object(A, 1, 0);
	hold(A, ROOT_STRONG);
	run();
	CHECK(!judged_any());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CHILD(held_by_a_registry),
		IN_CHILD(held_by_an_owner),
		IN_CHILD(held_by_a_link),
		IN_CHILD(too_many_links),
		IN_CHILD(words_of_whole_objects),
		IN_CHILD(words_of_others),
		IN_CHILD(weak_roots),
		IN_CHILD(borrowed),
		IN_CHILD(through_c_memory),
		IN_CHILD(through_held_c_memory),
		IN_CHILD(touched),
		IN_CHILD(touched_and_unexplained),
		IN_CHILD(touched_by_what_lives),
		IN_CHILD(inside),
		IN_CHILD(dead_parts),
		IN_CHILD(live_parts),
		IN_CHILD(unknown_addresses),
		IN_CHILD(unknown_ring),
		IN_CHILD(one_edge_a_link),
		IN_CHILD(of_itself),
		IN_CHILD(pending),
		IN_CHILD(pending_with_parts),
		IN_CHILD(not_pending),
		IN_CHILD(not_seen),
		IN_CHILD(suspects),
		IN_CHILD(any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
