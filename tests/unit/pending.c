/* What a collector will free, and what goes with it. */
#include "judged-make.h"

#define SEEN (DECLARED_WHOLE | DECLARED_COLLECTED)

/* A count on itself. */
static void of_itself(void)
{
	begin();
	object(A, 1, SEEN);
	link_word(A, A + 8, A);
	hold(A, ROOT_STRONG);
	run();
	CHECK(is_dead(A));
	CHECK_EQUAL(with(A)->kind, FINDING_CYCLE);
	CHECK(with(A)->pending);
}

static void of_each_other(void)
{
	ring(1, 1, SEEN);
	run();
	CHECK(flags(A) & NODE_PENDING);
	CHECK(with(A)->pending);
	CHECK(!finding_is_alarm(with(A)));
}

/* What only the collector's own object holds is freed with it. */
static void pending_with_parts(void)
{
	begin();
	object(A, 1, SEEN);
	object(B, 1, SEEN);
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
	ring(1, 2, SEEN);
	run();
	CHECK(flags(A) & NODE_KEPT);
	CHECK(!with(A)->pending);
	CHECK(!with(B)->pending);
}

/* It does not see one of the objects. */
static void not_seen(void)
{
	begin();
	object(A, 1, SEEN);
	object(B, 1, DECLARED_WHOLE);
	link_word(A, A + 16, B);
	link_word(B, B + 16, A);
	run();
	CHECK(!with(A)->pending);
}

/* A ring of C memory that this block holds. All at one offset: the blocks are
 * of one class, in which rare words are stale. */
static void below(uintptr_t block)
{
	put(block + 32, P);
	put(P + 32, Q);
	put(Q + 32, P);
}

/* Below one that is pending. */
static void what_it_holds(void)
{
	ring(1, 1, SEEN);
	below(A);
	run();
	CHECK(with(P)->nested);
	CHECK(with(P)->pending && with(Q)->pending);
	CHECK(!finding_is_alarm(with(P)));
}

/* Below one that the collector keeps: two of one shape. */
static void what_is_kept(void)
{
	ring(1, 2, SEEN);
	below(A);
	run();
	CHECK_EQUAL(with(A)->kind, FINDING_CYCLE);
	CHECK_EQUAL(with(A)->count, 2);
	CHECK(!with(A)->pending);
}

/* A count too high is there afterwards, and so is what it holds. */
static void what_stays(void)
{
	ring(1, 1, SEEN);
	object(C, 2, DECLARED_WHOLE);
	link_word(A, A + 24, C);
	below(C);
	run();
	CHECK(with(A)->pending);
	CHECK_EQUAL(with(C)->kind, FINDING_EXCESS);
	CHECK(!with(C)->pending && !with(P)->pending);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CHILD(of_itself),	      IN_CHILD(of_each_other),
		IN_CHILD(pending_with_parts), IN_CHILD(not_pending),
		IN_CHILD(not_seen),	      IN_CHILD(what_it_holds),
		IN_CHILD(what_is_kept),	      IN_CHILD(what_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
