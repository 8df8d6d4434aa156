/* Objects of which live memory has no more words than they have weak
 * references. */
#include "judged-make.h"
#include "scan/judged.h"

/* An object whose shared and weak references look alike. */
static void counted(uintptr_t block, int64_t shared, int64_t weak)
{
	struct declared_object o = {
		.block = block,
		.at = block,
		.count = shared + weak,
		.weak = weak,
		.flags = DECLARED_EXACT | DECLARED_HIDDEN,
	};

	CHECK_EQUAL(declare_object(&o), 0);
}

/* A and B lead to each other; a word of C, which lives, leads to A. */
static void registered(int64_t shared, int64_t weak)
{
	begin();
	counted(A, shared, weak);
	counted(B, 1, 0);
	put(A + 16, B);
	put(B + 16, A);
	put(C + 32, A);
	put(C + 64, P);
	hold(C, ROOT_STRONG);
}

static void a_ring(void)
{
	registered(1, 1);
	put(C + 72, Q);
	run();
	CHECK(is_live(C));
	CHECK_EQUAL(flags(A), NODE_SUSPECT | NODE_UNDECIDED);
	CHECK_EQUAL(flags(B), NODE_SUSPECT | NODE_UNDECIDED);
	CHECK_EQUAL(found.n, 1);
	CHECK_EQUAL(with(A)->kind, FINDING_CYCLE);
	CHECK(with(A)->undecided && !finding_is_alarm(with(A)));
	CHECK(!with(A)->dead && !judged_any());
}

/* What the caller does not ask for is live. */
static void not_asked(void)
{
	static struct late_shared shared;
	static struct maps none;

	registered(1, 1);
	CHECK_EQUAL(declare_end(&arena), 0);
	CHECK_EQUAL(late_begin(&shared, &none, true, false), 0);
	CHECK_EQUAL(scan_run(&roots, false, &arena, &scan), 0);
	CHECK(is_live(A) && is_live(B));
}

static void owned_outside(void)
{
	registered(1, 1);
	put(C + 40, A);
	run();
	CHECK(is_live(A) && is_live(B));
}

/* One word is missing: nobody knows what has it. */
static void hidden_reference(void)
{
	registered(2, 1);
	run();
	CHECK(is_live(A) && is_live(B));
}

/* A reference may not be counted yet. */
static void on_a_stack(void)
{
	registered(1, 1);
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(B));
}

/* More words inside than shared references: one of them is weak. */
static void weak_inside(void)
{
	registered(1, 2);
	put(B + 24, A);
	run();
	CHECK(is_live(A) && is_live(B));
}

/* enable_shared_from_this */
static void weak_own(void)
{
	registered(1, 2);
	put(A + 24, A);
	run();
	CHECK(with(A)->undecided);
}

/* Nothing holds itself here, so nothing is said; the holder is lost alone. */
static void held_by_what_is_lost(void)
{
	begin();
	counted(A, 1, 1);
	put(A + 16, B);
	put(Q, A);
	put(C + 32, A);
	put(C + 64, P);
	hold(C, ROOT_STRONG);
	run();
	CHECK(is_live(C));
	CHECK_EQUAL(with(Q)->kind, FINDING_LOST);
	CHECK_EQUAL(with(Q)->retained_blocks, 0);
	CHECK_EQUAL(found.n, 1);
}

/* A ring that something else owns, too, lives when that does. */
static void owned_by_another(void)
{
	registered(2, 1);
	put(Q, A);
	run();
	CHECK_EQUAL(with(Q)->retained_blocks, 0);
	CHECK_EQUAL(found.n, 1);
}

/* Two numbers that may be counts; a word of C, which lives, leads into A. */
static void touched(int64_t count)
{
	struct declared_object o = {
		.block = A,
		.at = A,
		.count = count,
		.flags = DECLARED_EXACT | DECLARED_HIDDEN | DECLARED_MAYBE,
	};

	begin();
	CHECK_EQUAL(declare_object(&o), 0);
	put(A + 16, B);
	put(B + 16, A);
	put(C + 32, A + 16);
	put(C + 64, P);
	put(C + 72, Q);
	hold(C, ROOT_STRONG);
}

static void numbers(void)
{
	touched(1);
	run();
	CHECK_EQUAL(flags(A), NODE_SUSPECT | NODE_UNDECIDED);
	CHECK_EQUAL(found.n, 1);
	CHECK(with(A)->undecided && !judged_any());
}

static void other_numbers(void)
{
	touched(2);
	run();
	CHECK(is_live(A) && is_live(B));
}

static void numbers_on_a_stack(void)
{
	touched(1);
	hold(A + 24, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(B));
}

/* A word at no multiple of 8 is found late, when nothing waits any more. */
static void found_late(void)
{
	uintptr_t to = A;

	begin();
	counted(A, 1, 1);
	counted(B, 1, 0);
	put(A + 16, B);
	put(B + 16, A);
	memcpy((void *)(C + 33), &to, sizeof to);
	put(C + 64, P);
	put(C + 72, Q);
	hold(C, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(B));
	CHECK_EQUAL(found.n, 0);
}

/* Whatever comes first, nothing that a word of live memory leads to is left
 * behind. */
static void doubted_before(void)
{
	registered(1, 1);
	roots.n = 0;
	hold(A, ROOT_STALE);
	hold(C, ROOT_STRONG);
	run();
	CHECK(is_live(A) && is_live(B));
}

static void doubted_after(void)
{
	registered(1, 1);
	hold(A, ROOT_STALE);
	run();
	CHECK(is_live(A) && is_live(B));
}

/* When the first turns out to be live, the second has one word more. */
static void in_turn(void)
{
	registered(1, 1);
	counted(P, 1, 1);
	put(P + 16, Q);
	put(Q, P);
	put(B + 24, P);
	put(C + 40, A);
	put(C + 48, P);
	run();
	CHECK(is_live(A) && is_live(B) && is_live(P) && is_live(Q));
	CHECK_EQUAL(found.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CHILD(a_ring),	    IN_CHILD(not_asked),
		IN_CHILD(owned_outside),    IN_CHILD(hidden_reference),
		IN_CHILD(on_a_stack),	    IN_CHILD(weak_inside),
		IN_CHILD(weak_own),	    IN_CHILD(held_by_what_is_lost),
		IN_CHILD(owned_by_another), IN_CHILD(numbers),
		IN_CHILD(other_numbers),    IN_CHILD(numbers_on_a_stack),
		IN_CHILD(found_late),	    IN_CHILD(doubted_before),
		IN_CHILD(doubted_after),    IN_CHILD(in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
