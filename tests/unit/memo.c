/*
 * What a thread remembers of its last stack holds, nearly holds, or does not:
 * captured stacks against libunwind's, in deep recursion, in random calls, and
 * over old words.
 */
#include <alloca.h>
#include <malloc.h>
#include "captured.h"
#include "stack/depot.h"

PLAIN static int recurse(int n)
{
	int sum = 1;

	if (n)
		sum += recurse(n - 1);
	else
		capture(__builtin_frame_address(0));
	AFTER();
	return sum;
}

__attribute__((noinline, optimize("no-omit-frame-pointer"))) static int
descend(int n, int every)
{
	int sum = 1;

	if (n % every == 0)
		last = capture(__builtin_frame_address(0));
	if (n)
		sum += descend(n - 1, every);
	AFTER();
	return sum;
}

/* Allocates at the end, where the stack is too deep, and on the way back. */
PLAIN static void descend_and_return(int n)
{
	if (n)
		descend_and_return(n - 1);
	else
		capture(__builtin_frame_address(0));
	if (n % 100 == 0 && n > 3000)
		hook();
	AFTER();
}

/* Deeper than the memo, and once for every frame on the way down. */
static void deep_recursion(void **state)
{
	uint32_t n = depot_count();
	(void)state;

	descend(10000, 10000);
	descend(5000, 1);
	descend_and_return(5000);
	assert_in_range(depot_count() - n, 1, 200);
	hook();
}

__attribute__((noinline, optimize("no-omit-frame-pointer"))) static void
tree(int depth)
{
	last = capture(__builtin_frame_address(0));
	if (depth) {
		tree(depth - 1);
		tree(depth - 1);
	}
	AFTER();
}

static void trees_stay_small(void **state)
{
	uint32_t n = depot_count();
	(void)state;

	tree(14);
	assert_in_range(depot_count() - n, 2, 50);
}

/* Random calls through frames of every kind and size: what was remembered
 * holds, nearly holds, or does not. */
static unsigned random_state = 1;

static unsigned random_number(unsigned below)
{
	random_state = random_state * 1103515245 + 12345;
	return (random_state >> 16) % below;
}

static void any(int depth);

PLAIN static void any_plain(int depth)
{
	any(depth - 1);
	AFTER();
}

PLAIN static void any_large(int depth)
{
	char room[200];

	KEEP(room);
	any(depth - 1);
	KEEP(room);
}

PLAIN static void any_alloca(int depth)
{
	char *room = alloca(16 + 16 * random_number(8));

	KEEP(room);
	any(depth - 1);
	KEEP(room);
}

PLAIN static void any_twice(int depth)
{
	any(depth - 1);
	any(depth - 2);
	AFTER();
}

PLAIN static void any_realigned(int depth)
{
	char line[128] __attribute__((aligned(128)));

	KEEP(line);
	any(depth - 1);
	KEEP(line);
}

__attribute__((noinline, optimize("no-omit-frame-pointer"))) static void
any_pointer(int depth)
{
	any(depth - 1);
	AFTER();
}

NOINLINE static void any(int depth)
{
	static void (*const kinds[])(int) = {any_plain,	    any_large,
					     any_alloca,    any_twice,
					     any_realigned, any_pointer};

	if (depth <= 0 || !random_number(6))
		hook();
	if (depth > 0)
		kinds[random_number(random_number(8) ? 4 : 6)](depth);
	AFTER();
}

static void random_calls(void **state)
{
	(void)state;
	for (int i = 0; i < 300; i++)
		any(14);
}

__attribute__((noinline, optimize("no-omit-frame-pointer"))) static void
leaf_with_pointer(void)
{
	hook();
	AFTER();
}

PLAIN static void leaf_without(void)
{
	hook();
	AFTER();
}

PLAIN static void inner_alloca(void (*leaf)(void), int bytes)
{
	char *room = alloca(bytes);

	KEEP(room);
	leaf();
	KEEP(room);
}

PLAIN static void inner_realigned(void (*leaf)(void), int bytes)
{
	char line[256] __attribute__((aligned(256)));
	char *room = alloca(bytes);

	KEEP(line);
	KEEP(room);
	leaf();
	KEEP(line);
}

typedef void inner_fn(void (*leaf)(void), int bytes);

PLAIN static void outer_one(inner_fn *inner, void (*leaf)(void), int bytes,
			    int rest)
{
	char *room = alloca(bytes);

	KEEP(room);
	inner(leaf, rest);
	KEEP(room);
}

PLAIN static void outer_two(inner_fn *inner, void (*leaf)(void), int bytes,
			    int rest)
{
	char *room = alloca(bytes);

	KEEP(room);
	inner(leaf, rest);
	AFTER();
	KEEP(room);
}

typedef void outer_fn(inner_fn *inner, void (*leaf)(void), int bytes, int rest);

/* The inner frames stand where they stood, what called them does not, and the
 * old return address is still where it was, in room that nobody wrote to. All
 * by one call, so that nothing further out tells. */
static void stale_words(void **state)
{
	static inner_fn *const inners[] = {inner_alloca, inner_realigned};
	static void (*const leaves[])(void) = {leaf_with_pointer, leaf_without};
	static outer_fn *const outers[] = {outer_one, outer_two};
	(void)state;

	for (volatile int i = 0; i < 4 * 32; i++) {
		int way = i & 1, sum = i & 2 ? 1024 : 512, a = 16 * (i / 4);

		for (volatile int leaf = 0; leaf < 4; leaf++)
			for (volatile int k = 0; k < 4; k++)
				outers[way ^ (k & 1)](inners[leaf / 2],
						      leaves[leaf & 1],
						      k & 2 ? sum - a : a,
						      k & 2 ? a : sum - a);
	}
}

/* The same with frames that realign: only the word that they keep their CFA
 * in tells. */
static void stale_realigned(void **state)
{
	static outer_fn *const outers[] = {outer_one, outer_two};
	static void (*const leaves[])(void) = {leaf_with_pointer, leaf_without};
	(void)state;

	for (volatile int i = 0; i < 200; i++)
		outers[i & 1](inner_realigned, leaves[i / 100],
			      16 * (i * 7 % 20), 512);
}

static void allocates_nothing(void **state)
{
	size_t before;
	(void)state;

	deeper(1);
	before = mallinfo2().uordblks;
	for (int i = 0; i < 10; i++)
		recurse(i);
	assert_int_equal(mallinfo2().uordblks, before);
}

/* The last one: the hook was called, and often. */
static void hook_was_called(void **state)
{
	(void)state;
	assert_in_range(hooks, 5000, UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deep_recursion),
		cmocka_unit_test(trees_stay_small),
		cmocka_unit_test(random_calls),
		cmocka_unit_test(stale_words),
		cmocka_unit_test(stale_realigned),
		cmocka_unit_test(allocates_nothing),
		cmocka_unit_test(hook_was_called),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
