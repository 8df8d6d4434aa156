/* Marking, on heaps made by hand: which words hold which blocks, and how. */
#include <string.h>
#include "mark-make.h"
#include "process/real.h"
#include "refs/refs.h"
#include "scan/counts.h"
#include "scan/mark.h"
#include "scan/packed.h"
#include "scan/read.h"
#include "scan/suspects.h"

static void exact_and_inside(void)
{
	block(A, 64);
	block(B, 64);
	block(C, 64);
	block(D, 64);
	begin();
	CHECK_EQUAL(mark_left(), 4);
	hold(A, ROOT_STRONG);
	hold(B + 63, ROOT_STRONG);
	hold(C + 64, ROOT_STRONG);
	hold(D - 1, ROOT_STRONG);
	finish();
	CHECK(is_strong(A));
	CHECK(is_strong(B));
	CHECK(!is_strong(C));
	CHECK(!is_strong(D));
	CHECK_EQUAL(mark_left(), 2);
	CHECK(!mark_is_done());
	hold(C, ROOT_STRONG);
	hold(D, ROOT_STRONG);
	CHECK(mark_is_done());
}

/* What is read of a root: whole words in it, at multiples of 8. */
static void where_roots_end(void)
{
	struct root root = root_of(ROOT_STRONG, room + 4, room + 36);

	block(A, 16);
	block(B, 16);
	block(C, 16);
	block(D, 16);
	put(room, A);
	put(room + 8, B);
	put(room + 17, C);
	put(room + 32, D);
	begin();
	mark_root(&root);
	CHECK(!is_strong(A));
	CHECK(is_strong(B));
	CHECK(!is_strong(C));
	CHECK(!is_strong(D));
	root.high = room + 40;
	mark_root(&root);
	CHECK(is_strong(D));
}

/* Memory with code of the program's own making. */
static void at_any_byte(void)
{
	struct root root = root_of(ROOT_STRONG, room, room + 64);

	block(A, 16);
	block(B, 16);
	put(room + 13, A);
	begin();
	mark_root(&root);
	CHECK(!is_strong(A));
	root.code = true;
	mark_root(&root);
	CHECK(is_strong(A));
	root.code = false;
	put(room + 13, B);
	mark_root(&root);
	CHECK(!is_strong(B));
}

/* What it holds is read as ever, a large block, too. */
static void at_any_byte_alone(void)
{
	struct root root = root_of(ROOT_STRONG, room, room + 64);

	block(E, READ_LARGE);
	block(A, 16);
	put(E + 13, A);
	put(room + 13, E);
	root.code = true;
	begin();
	mark_root(&root);
	CHECK(is_strong(E));
	CHECK(!is_strong(A));
}

/* A list longer than any stack, round and round; each block is read whole. */
static void what_blocks_hold(void)
{
	uintptr_t at;
	uint32_t i, n = 200000;

	block(A - 64, 64);
	for (i = 0; i < n; i++) {
		at = block(A + 64ul * i, 64 - i % 9);
		put(at + (i % 9 == 8 ? 40 : 48), A + 64ul * ((i + 1) % n));
	}
	put(A + 56, A - 64);  /* block 0 has 64 bytes */
	put(A + 128 + 56, E); /* block 2 ends in that word */
	block(E, 16);
	begin();
	hold(A + 64 * 77, ROOT_STRONG);
	for (i = 0; i < n; i++)
		CHECK(is_strong(A + 64ul * i));
	CHECK(is_strong(A - 64));
	CHECK(!is_strong(E));
	CHECK_EQUAL(mark_left(), 1);
}

/* More words in one block than the marker looks ahead, and to every byte. */
static void wide_blocks(void)
{
	uintptr_t first = A + 0x20000;
	uint32_t i, n = 3000;

	block(A, 8ul * n);
	for (i = 0; i < n; i++) {
		block(first + 0x400ul * i, 24);
		put(A + 8ul * i, first + 0x400ul * i + i % 24);
	}
	block(E, 24);
	begin();
	hold(A, ROOT_STRONG);
	CHECK_EQUAL(mark_left(), 1);
	CHECK(!is_strong(E));
}

/* Pages of a large block that were never touched are not read, others are. */
static void large_blocks(void)
{
	size_t size = 3ul << 30;
	uintptr_t large = reserve(size, PROT_READ | PROT_WRITE);

	block(large, size);
	block(A, 16);
	block(B, 16);
	block(C, 16);
	put(large + 8, A);
	put(large + (1ul << 30) + 4096 - 8, B);
	put(large + size - 8, C);
	begin();
	hold(large + size / 2, ROOT_STRONG);
	CHECK(is_strong(large));
	CHECK(is_strong(A) && is_strong(B) && is_strong(C));
}

/* Who points past the end of malloc's block holds it, but for what is read as
 * a stack is. */
static void past_the_end(void)
{
	struct root variables = root_of(ROOT_STRONG, room, room + 8);

	real_is_glibc = true;
	block(A, 40);
	put(A - 8, 48 | 1);
	block(B, 32);
	put(B - 8, 96 | 1); /* no chunk for so few bytes */
	block(C, 40);
	put(C - 8, 64 | 1); /* what malloc gives when less would be left */
	block(D, 24);
	put(D - 8, 32 | 1);
	begin();
	hold(A + 40, ROOT_STRONG);
	CHECK(!is_strong(A));
	variables.explicit = false;
	put(room, A + 40);
	mark_root(&variables);
	CHECK(is_strong(A));
	put(room, C + 40);
	mark_root(&variables);
	CHECK(is_strong(C));
	put(room, B + 32);
	mark_root(&variables);
	CHECK(!is_strong(B));
	put(room, D + 25);
	mark_root(&variables);
	CHECK(!is_strong(D));
}

static void ends_in_blocks(void)
{
	real_is_glibc = true;
	block(A, 40);
	block(D, 24);
	put(D - 8, 32 | 1);
	put(A + 16, D + 24);
	begin();
	hold(A, ROOT_STRONG);
	CHECK(is_strong(D));
}

/* Foreign memory: a pointer into a block makes a suspect, one to it holds it.
 * What is stale holds nothing. */
static void doubtful_words(void)
{
	struct suspect why;

	block(A, 64);
	block(B, 64);
	block(C, 64);
	block(D, 64);
	begin();
	hold(A, ROOT_FOREIGN);
	hold(B + 8, ROOT_FOREIGN);
	hold(C, ROOT_STALE);
	hold(C + 1, ROOT_STALE); /* the first word stands for all */
	CHECK(is_strong(A) && !is_weak(A));
	CHECK(!is_strong(B) && is_weak(B));
	CHECK(!is_strong(C) && is_weak(C));
	CHECK(!is_weak(D));
	CHECK(suspects_exist());
	why = suspects_why(B);
	CHECK_EQUAL(why.at, word_at(1));
	CHECK_EQUAL(why.kind, ROOT_FOREIGN);
	why = suspects_why(C);
	CHECK_EQUAL(why.at, word_at(2));
	CHECK_EQUAL(why.kind, ROOT_STALE);
	CHECK_EQUAL(suspects_why(A).at, 0);
	CHECK_EQUAL(mark_left(), 3);
}

/* What a strong block holds is held, whatever its root was. */
static void held_by_foreign_memory(void)
{
	block(A, 64);
	block(B, 64);
	put(A, B + 8);
	begin();
	hold(A, ROOT_FOREIGN);
	CHECK(is_strong(B));
}

static void visited(uintptr_t block)
{
	CHECK(block == B || block == C || block == D);
	put(word_at(15), *(volatile uintptr_t *)word_at(15) + 1);
}

/* What suspects hold is suspect, and what is strong stays so. */
static void what_suspects_hold(void)
{
	block(A, 64);
	block(B, 64);
	block(C, 64);
	block(D, 64);
	block(E, 64);
	put(B + 8, A);
	put(B + 16, C + 3);
	put(C + 56, D);
	put(D, B);
	begin();
	hold(E + 1, ROOT_STALE);
	hold(B, ROOT_STALE);
	hold(A, ROOT_STRONG);
	hold(E, ROOT_STRONG); /* a suspect that is found to be held after all */
	CHECK(!is_weak(C));
	mark_suspects();
	mark_also(visited);
	finish();
	CHECK(is_weak(B) && is_weak(C) && is_weak(D));
	CHECK(!is_strong(B) && !is_strong(C) && !is_strong(D));
	CHECK(is_strong(A) && !is_weak(A));
	CHECK(is_strong(E));
	CHECK_EQUAL(*(volatile uintptr_t *)word_at(15), 3); /* each once */
	CHECK_EQUAL(mark_left(), 3);
}

/* Half of a word, after the suspects' pass has begun and before. */
static void suspects_by_name(void)
{
	block(A, 64);
	block(B, 64);
	block(C, 64);
	put(B, C);
	begin();
	mark_suspect(A, room + 8, ROOT_HALF);
	CHECK(is_weak(A) && !is_strong(A));
	CHECK_EQUAL(suspects_why(A).at, room + 8);
	CHECK_EQUAL(suspects_why(A).kind, ROOT_HALF);
	mark_suspects();
	mark_suspect(B, room + 16, ROOT_HALF);
	finish();
	CHECK(is_weak(B) && is_weak(C));
}

static void by_block(void)
{
	block(A, 64);
	block(B, 64);
	put(A, B);
	begin();
	CHECK(mark_block(A));
	CHECK(!mark_block(A));
	CHECK(!is_strong(B));
	finish();
	CHECK(is_strong(B));
	CHECK(!mark_block(B));
	CHECK(mark_is_done());
}

/* Live by decree: what they hold is, too; but it is read last. */
static void by_decree(void)
{
	heap_record((void *)A, 64, stack(1), HEAP_IGNORED);
	block(B, 64);
	block(C, 64);
	put(A + 8, B);
	begin();
	CHECK(is_strong(A));
	CHECK_EQUAL(mark_left(), 2);
	hold(C, ROOT_STRONG);
	CHECK(is_strong(C));
	CHECK(!is_strong(B));
	mark_parents();
	finish();
	CHECK(is_strong(B));
}

/* While a child's own blocks are all found, the parent's are not read. */
static void done_early(void)
{
	heap_record((void *)A, 64, stack(1), HEAP_IGNORED);
	block(B, 64);
	begin();
	CHECK(!mark_is_done());
	hold(B, ROOT_STRONG);
	CHECK(mark_is_done());
	CHECK_EQUAL(mark_left(), 0);
}

/* Of a block that a stack lies in no more is read than the roots say. */
static void with_a_stack_inside(void)
{
	static uintptr_t with[1];

	heap_record((void *)A, 64, stack(1), HEAP_IGNORED);
	block(B, 64);
	put(A, B);
	with[0] = A;
	roots.stack_block = with;
	roots.stack_blocks = 1;
	begin();
	mark_parents();
	finish();
	CHECK(is_strong(A));
	CHECK(!is_strong(B));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CHILD(exact_and_inside),
		IN_CHILD(where_roots_end),
		IN_CHILD(at_any_byte),
		IN_CHILD(at_any_byte_alone),
		IN_CHILD(what_blocks_hold),
		IN_CHILD(wide_blocks),
		IN_CHILD(large_blocks),
		IN_CHILD(past_the_end),
		IN_CHILD(ends_in_blocks),
		IN_CHILD(doubtful_words),
		IN_CHILD(held_by_foreign_memory),
		IN_CHILD(what_suspects_hold),
		IN_CHILD(suspects_by_name),
		IN_CHILD(by_block),
		IN_CHILD(by_decree),
		IN_CHILD(done_early),
		IN_CHILD(with_a_stack_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
