/* What counts prove dead although words lead to it, and what they leave
 * alone. */
#include "judged-make.h"
#include "scan/judged.h"

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

/* A word that leads into a part touches the object when the part is one
 * itself. Into a part of C memory it may be a reference. */
static void touched_part(bool is_object)
{
	begin();
	object(A, 1, DECLARED_EXACT);
	object(B, 1, DECLARED_EXACT);
	put(A + 16, P);
	CHECK_EQUAL(is_object ? declare_part_object(P, A, P + 16, false)
			      : declare_part(P, A),
		    0);
	link_word(A, P + 24, B);
	put(B + 16, A);
	hold(P + 32, ROOT_STRONG);
	run();
}

static void touched_parts(void)
{
	touched_part(true);
	CHECK(is_dead(A) && !is_live(P) && !is_live(B));
}

static void held_parts(void)
{
	touched_part(false);
	CHECK(is_live(A) && is_live(P) && is_live(B));
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
		IN_CHILD(touched_parts),
		IN_CHILD(held_parts),
		IN_CHILD(inside),
		IN_CHILD(dead_parts),
		IN_CHILD(live_parts),
		IN_CHILD(unknown_addresses),
		IN_CHILD(unknown_ring),
		IN_CHILD(one_edge_a_link),
		IN_CHILD(suspects),
		IN_CHILD(any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
