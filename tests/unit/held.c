/* A process is said to hold all its blocks only when it does: from the stack,
 * from the data of modules, from what was its parent's, over blocks of its own.
 * Whatever is not simple is left to a scan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>
#include "heap/heap.h"
#include "process/guard.h"
#include "process/real.h"
#include "process/thread.h"
#include "snapshot/held.h"

#define PAGE 4096
#define STACK 1
/* Hides a pointer from what is read. */
#define TURN 0x5555000000000000ul

static void **kept; /* a block that was there before */
static uintptr_t hidden[8];
static unsigned hidden_n;

static void *record(size_t size)
{
	void *p = calloc(1, size);

	assert_non_null(p);
	heap_record(p, size, STACK, 0);
	hidden[hidden_n++] = (uintptr_t)p ^ TURN;
	return p;
}

static int setup(void **state)
{
	(void)state;
	real_is_glibc = true;
	real.malloc = malloc;
	hidden_n = 0;
	if (!thread_attach())
		return -1;
	thread_self->stack_low = thread_self->stack_high = 0;
	if (heap_init(32))
		return -1;
	kept = record(8 * sizeof *kept);
	heap_inherit();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	while (hidden_n)
		free((void *)(hidden[--hidden_n] ^ TURN));
	heap_stop();
	return 0;
}

static bool all_held(void)
{
	struct stopped here = stopped_from_sp((uintptr_t)&here);

	return held_all(&here);
}

static void by_what_was_there_before(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip(); /* it has an allocator of its own */
#endif
	assert_true(all_held());
	kept[7] = record(100);
	assert_true(all_held());
	kept[7] = (char *)kept[7] + 99;
	assert_true(all_held());
	kept[7] = (char *)kept[7] + 1;
	assert_false(all_held());
	kept[7] = NULL;
	assert_false(all_held());
}

/* What lies in libc may be of its allocator: the first byte alone counts. */
static void by_data(void **state)
{
	char *block = record(4096);

	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip(); /* it has an allocator of its own */
#endif
	setvbuf(stdin, block, _IOFBF, 2048);
	block = NULL;
	assert_true(all_held());
	setvbuf(stdin, (char *)(hidden[hidden_n - 1] ^ TURN) + 16, _IOFBF,
		2048);
	assert_false(all_held());
	setvbuf(stdin, NULL, _IONBF, 0);
	assert_false(all_held());
}

static void by_each_other(void **state)
{
	void **a = record(32), **b = record(32);

	(void)state;
	a[0] = b;
	b[0] = a;
	assert_false(all_held());
	kept[0] = b;
	assert_true(all_held());
	kept[1] = record(32);
	assert_true(all_held());
	kept[1] = NULL;
	assert_false(all_held());
}

static void by_the_stack(void **state)
{
	void *volatile local[1] = {record(24)};

	(void)state;
	assert_false(all_held());
	thread_self->stack_low = (uintptr_t)local & -PAGE;
	thread_self->stack_high = (uintptr_t)(local + 1);
	assert_true(held_all(&(struct stopped){.sp = (uintptr_t)local}));
	assert_false(held_all(&(struct stopped){.sp = (uintptr_t)local + 8}));
	local[0] = NULL;
	assert_false(held_all(&(struct stopped){.sp = (uintptr_t)local}));
}

/* The lists of the allocator point into the block before a free one. */
static void not_by_free_chunks(void **state)
{
	char *block, *after, *fence;

	(void)state;
	block = malloc(2000);
	after = malloc(2000);
	fence = malloc(2000);
	free(after);
	heap_record(block, 2000, STACK, 0);
	heap_resize(block, heap_erase(block, &(size_t){0}), 2008);
	assert_false(all_held());
	kept[0] = block;
	assert_true(all_held());
	free(block);
	free(fence);
}

static void not_what_cannot_be_read(void **state)
{
	char *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_ptr_not_equal(page, MAP_FAILED);
	heap_record(page + PAGE, 100, STACK, 0);
	kept[0] = page + PAGE;
	assert_true(all_held());
	mprotect(page + PAGE, PAGE, PROT_NONE);
	assert_false(all_held());
	munmap(page, 2 * PAGE);
	assert_false(all_held());
}

static void not_what_is_not_simple(void **state)
{
	(void)state;
	kept[0] = record(100);
	real_is_glibc = false;
	assert_false(all_held());
	real_is_glibc = true;
	heap_record((char *)kept[0] + 3, 5, STACK, 0);
	assert_false(all_held());
}

/* The first ones are listed, and found one by one. */
static void few_and_many(void **state)
{
	void **chain[HEAP_LISTED + 9];
	const uintptr_t *listed;
	size_t size;
	uint32_t n, i, made = 0;

	(void)state;
	for (i = 0; i < HEAP_LISTED + 9; i++) {
		chain[i] = calloc(1, 48);
		chain[i][0] = kept[0];
		kept[0] = chain[i];
		heap_record(chain[i], 48, STACK, 0);
		if (i % 2) { /* its place is taken again */
			heap_erase(chain[i], &size);
			heap_record(chain[i], 40, STACK, 0);
		}
		made += 1 + i % 2;
		assert_int_equal(heap_listed(&listed, &n), made <= HEAP_LISTED);
		assert_true(all_held());
		kept[0] = NULL;
		assert_false(all_held());
		kept[0] = chain[i];
	}
	while (i--)
		free(chain[i]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(by_what_was_there_before),
		TEST(by_data),
		TEST(by_each_other),
		TEST(by_the_stack),
		TEST(not_by_free_chunks),
		TEST(not_what_cannot_be_read),
		TEST(not_what_is_not_simple),
		TEST(few_and_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
