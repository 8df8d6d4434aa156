/* The search for paths to many blocks: those that are watched are read last. */
#include "process/stopped.h"
#include "scan-make.h"
#include "scan/path.h"
#include "scan/reached.h"

static uintptr_t watched[2];

static bool is_watched(uintptr_t block, void *data)
{
	(void)data;
	return block == watched[0] || block == watched[1];
}

static void reach(void)
{
	static const struct stopped self;
	static struct late_shared shared;
	static struct maps none;
	static struct arena arena;
	uint32_t i;

	for (i = 0; i < roots.n; i++)
		root[i].explicit = false;
	CHECK_EQUAL(blocks_build(NULL), 0);
	CHECK_EQUAL(late_begin(&shared, &none, true, false), 0);
	CHECK_EQUAL(scan_run(&roots, false, &arena, &scan), 0);
	CHECK_EQUAL(path_reach(&roots, &self, is_watched, NULL), 0);
}

static uint32_t number_of(uintptr_t block)
{
	uint32_t i;

	for (i = 0; i < reached_count() && reached_block(i) != block; i++)
		;
	return i;
}

/* What led to a block; 0: a root, or nothing. */
static uintptr_t leads_to(uintptr_t block)
{
	uint32_t i = number_of(block);

	return i < reached_count() && reached_from(i) < REACHED_DECREE
		       ? reached_block(reached_from(i))
		       : 0;
}

/* Block 1 leads to 4; so does 3, which 2 leads to; 1 alone leads to 5. */
static void blocks_make(void)
{
	uintptr_t i;

	for (i = 0; i < 6; i++)
		block_of(AT(i), 128, stack(i));
	put(AT(1), AT(4));
	put(AT(1) + 8, AT(5));
	put(AT(2), AT(3));
	put(AT(3), AT(4));
}

static void watched_is_last(void)
{
	blocks_make();
	hold(AT(1), ROOT_STRONG);
	hold(AT(2), ROOT_STRONG);
	watched[0] = AT(1);
	reach();
	CHECK_EQUAL(leads_to(AT(4)), AT(3));
	CHECK_EQUAL(leads_to(AT(5)), AT(1));
	CHECK_EQUAL(number_of(AT(0)), reached_count());
}

/* Old words of the stack lead nowhere. */
static void watched_behind_a_stack(void)
{
	static uintptr_t stacks[1];

	blocks_make();
	put(AT(0) + 64, AT(5));
	stacks[0] = AT(0);
	roots.stack_block = stacks;
	roots.stack_blocks = 1;
	hold(AT(0), ROOT_STRONG);
	hold(AT(1), ROOT_STRONG);
	hold(AT(2), ROOT_STRONG);
	watched[0] = AT(0);
	watched[1] = AT(1);
	reach();
	CHECK_EQUAL(leads_to(AT(4)), AT(3));
	CHECK_EQUAL(leads_to(AT(5)), AT(1));
}

/* In the order in which words stand, however many there are at a time. */
static void breadth_first(void)
{
	uint32_t i, k, n = 150;

	for (i = 0; i < n; i++)
		block_of(AT(i), 128, stack(i));
	for (i = 0; i < n; i++)
		for (k = 0; k < 12 && 12 * i + k + 1 < n; k++)
			put(AT(i) + 8 * k, AT(12 * i + k + 1));
	for (i = 13; i < n; i++)
		put(AT(i) + 120, AT(i - 13) + 1);
	hold(AT(0), ROOT_STRONG);
	watched[0] = watched[1] = 0;
	reach();
	CHECK_EQUAL(reached_count(), n);
	for (i = 1; i < n; i++) {
		CHECK_EQUAL(reached_block(i), AT(i));
		CHECK_EQUAL(reached_from(i), (i - 1) / 12);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CHILD(watched_is_last),
		IN_CHILD(watched_behind_a_stack),
		IN_CHILD(breadth_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
