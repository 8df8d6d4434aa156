/* Marking, on heaps made by hand: fields that count less, pools, packed
 * structures, and what is marked late. */
#include "mark-make.h"
#include "refs/refs.h"
#include "scan/mark.h"
#include "scan/packed.h"
#include "scan/suspects.h"

/* A field that the macros call weak holds nothing. */
static void weak_fields(void)
{
	heap_record((void *)A, 64, stack(1), 0);
	block(B, 64);
	block(C, 64);
	put(A + 8, B);
	put(A + 16, C);
	CHECK_EQUAL(refs_init(), 0);
	refs_weak(A, A + 8, "back", 0);
	begin();
	hold(A, ROOT_STRONG);
	CHECK(!is_strong(B));
	CHECK(is_strong(C));
}

/* A pool's blocks are read when they are reached; what lies around them, with
 * the block that they are made of. */
static void pools(void)
{
	block(A, 256);
	block(A + 64, 32);
	block(A + 128, 32);
	block(B, 16);
	block(C, 16);
	block(D, 16);
	put(A, A + 130);
	put(A + 72, B);	 /* of a block that is not reached */
	put(A + 136, C); /* of one that is */
	put(A + 248, D);
	begin();
	CHECK(blocks_is_outer(A));
	hold(A, ROOT_STRONG);
	CHECK(!is_strong(A + 64) && is_strong(A + 128));
	CHECK(!is_strong(B));
	CHECK(is_strong(C) && is_strong(D));
}

/* A word behind a pool's block is one into the block that it is made of. */
static void behind_a_pools_block(void)
{
	block(A, 256);
	block(A + 64, 32);
	begin();
	hold(A + 64, ROOT_STRONG);
	CHECK(!is_strong(A));
	hold(A + 200, ROOT_STRONG);
	CHECK(is_strong(A));
}

/* A second, late look: strongly, and not counted any more. */
static void more_and_rest(void)
{
	block(A, 64);
	block(B, 64);
	block(C, 64);
	put(A, B);
	put(B, C);
	begin();
	hold(C, ROOT_STALE);
	mark_suspects();
	finish();
	mark_more(A, blocks_place(A));
	CHECK(is_strong(A));
	mark_more(A, blocks_place(A));
	CHECK(!is_strong(B));
	mark_rest();
	CHECK(is_strong(B) && is_strong(C));
}

/* Words of packed structures: to the first byte alone. */
static void packed_words(void)
{
	struct root root = root_of(ROOT_STRONG, room, room + 64);

	block(A, 64);
	block(B, 64);
	block(C, 64);
	block(D, 64);
	put(room + 12, A);
	put(room + 28, B + 1);
	put(C + 4, D);
	roots.list = &root;
	roots.n = 1;
	begin();
	mark_root(&root);
	CHECK(!is_strong(A));
	packed_mark(&roots);
	finish();
	CHECK(is_strong(A));
	CHECK(!is_strong(B));
	CHECK(mark_block(C));
	finish();
	CHECK(!is_strong(D));
	packed_mark_block(C);
	finish();
	CHECK(is_strong(D));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CHILD(weak_fields),		IN_CHILD(pools),
		IN_CHILD(behind_a_pools_block), IN_CHILD(more_and_rest),
		IN_CHILD(packed_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
