/* What the child gives back of the memory that it has read: pages all of whose
 * blocks are live and the program's, in large pieces. Each look is taken in a
 * child, as in the library, at 64 pages between two that are not there. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "heap/heap.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/drop.h"
#include "scan/maps.h"

#define PAGE 4096ul
#define PAGES 64
#define EACH 128 /* bytes from one small block to the next */

static char *room; /* the pages */
static char *left; /* of each, whether it is still there */

static uintptr_t page(unsigned i)
{
	return (uintptr_t)room + i * PAGE;
}

/* Ours when the stack is 0. */
static void block(uintptr_t at, size_t size, uint32_t stack)
{
	heap_record((void *)at, size, stack, 0);
}

static void small_blocks(unsigned from, unsigned to)
{
	uintptr_t at;

	for (at = page(from); at < page(to); at += EACH)
		block(at, EACH - 16, 1);
}

static void map(int flags)
{
	char *all = mmap(NULL, (PAGES + 2) * PAGE, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(all != MAP_FAILED);
	room = all + PAGE;
	assert_ptr_equal(mmap(room, PAGES * PAGE, PROT_READ | PROT_WRITE,
			      MAP_FIXED | MAP_ANONYMOUS | flags, -1, 0),
			 room);
	memset(room, 1, PAGES * PAGE);
}

static struct maps maps;

static void build(void)
{
	if (maps_read(&maps) || blocks_build(&maps))
		_exit(1);
}

static void mark(uintptr_t block)
{
	struct place place = blocks_place(block);

	place.cell->strong |= place.bit;
}

/* All but those. */
static void mark_but(const uintptr_t *lost, unsigned n)
{
	uintptr_t at;
	unsigned i;

	for (at = blocks_from(0); at; at = blocks_from(at + 1)) {
		for (i = 0; i < n && lost[i] != at; i++)
			;
		if (i == n)
			mark(at);
	}
}

static void look(void)
{
	unsigned char in;
	unsigned i;

	drop_live(&maps);
	for (i = 0; i < PAGES; i++)
		left[i] = mincore((void *)page(i), PAGE, &in) ? '.' : 'x';
	_exit(0);
}

typedef void make_fn(void);

/* wanted: "20. 1x" for twenty pages gone and one there, and so on. */
static void check(make_fn *make, const char *wanted)
{
	char pages[PAGES + 1] = "", kind;
	int n, used, status;
	pid_t pid = fork();

	if (!pid)
		make();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	for (; sscanf(wanted, " %d%c%n", &n, &kind, &used) == 2; wanted += used)
		memset(pages + strlen(pages), kind, n);
	assert_string_equal(left, pages);
}

static void make_all_live(void)
{
	small_blocks(0, PAGES);
	build();
	mark_but(NULL, 0);
	look();
}

static void all_live(void **state)
{
	(void)state;
	check(make_all_live, "64.");
}

static void make_one_lost(void)
{
	uintptr_t lost = page(30) + 3 * EACH;

	small_blocks(0, PAGES);
	build();
	mark_but(&lost, 1);
	look();
}

static void one_lost(void **state)
{
	(void)state;
	check(make_one_lost, "30. 1x 33.");
}

/* Between the two is too little to cut. */
static void make_two_lost(void)
{
	uintptr_t lost[] = {page(20), page(36) + 5 * EACH};

	small_blocks(0, PAGES);
	build();
	mark_but(lost, 2);
	look();
}

static void two_lost(void **state)
{
	(void)state;
	check(make_two_lost, "20. 17x 27.");
}

static void make_one_of_ours(void)
{
	small_blocks(0, 40);
	block(page(40), 100, 0);
	small_blocks(41, PAGES);
	build();
	mark_but(NULL, 0);
	look();
}

static void one_of_ours(void **state)
{
	(void)state;
	check(make_one_of_ours, "40. 1x 23.");
}

/* No block begins in most of its pages; its last one has others. */
static void large_block(bool live)
{
	uintptr_t large = page(18) - EACH;

	small_blocks(0, 18);
	block(large, 22 * PAGE + 2 * EACH, 1);
	small_blocks(41, PAGES);
	build();
	mark_but(&large, !live);
	look();
}

static void make_large_live(void)
{
	large_block(true);
}

static void make_large_lost(void)
{
	large_block(false);
}

static void large_live(void **state)
{
	(void)state;
	/* The page that it ends in has no block of its own. */
	check(make_large_live, "40. 1x 23.");
}

static void large_lost(void **state)
{
	(void)state;
	check(make_large_lost, "17. 24x 23.");
}

static void make_no_blocks(void)
{
	small_blocks(0, 20);
	small_blocks(40, PAGES);
	build();
	mark_but(NULL, 0);
	look();
}

static void no_blocks(void **state)
{
	(void)state;
	check(make_no_blocks, "20. 20x 24.");
}

static void make_pool(void)
{
	small_blocks(0, PAGES);
	block(page(10) + EACH + 16, 16, 1);
	build();
	mark_but(NULL, 0);
	look();
}

static void pools(void **state)
{
	(void)state;
	check(make_pool, "64x");
}

static void make_odd(void)
{
	small_blocks(0, 63);
	block(page(63) + 8, 16, 1);
	build();
	mark_but(NULL, 0);
	look();
}

static void odd_addresses(void **state)
{
	(void)state;
	check(make_odd, "64x");
}

static void make_shared(void)
{
	map(MAP_SHARED);
	make_all_live();
}

static void shared_memory(void **state)
{
	(void)state;
	check(make_shared, "64x");
}

static void make_answers(void)
{
	uintptr_t lost = page(30), file = (uintptr_t)fopen("/dev/null", "r");

	small_blocks(0, 50);
	block(page(50), 100, 0);
	block(file, 472, 1); /* samples look at it later */
	build();
	mark_but(&lost, 1);
	if (drop_has(page(1)))
		_exit(2);
	drop_live(&maps);
	_exit(drop_has(page(1)) && !drop_has(lost) && !drop_has(page(50)) &&
			      !drop_has(file)
		      ? 0
		      : 3);
}

static void what_is_gone_is_known(void **state)
{
	int status;

	(void)state;
	if (!fork())
		make_answers();
	wait(&status);
	assert_int_equal(status, 0);
}

static int begin(void **state)
{
	(void)state;
	map(MAP_PRIVATE);
	left = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return heap_init(16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_live),
		cmocka_unit_test(one_lost),
		cmocka_unit_test(two_lost),
		cmocka_unit_test(one_of_ours),
		cmocka_unit_test(large_live),
		cmocka_unit_test(large_lost),
		cmocka_unit_test(no_blocks),
		cmocka_unit_test(pools),
		cmocka_unit_test(odd_addresses),
		cmocka_unit_test(shared_memory),
		cmocka_unit_test(what_is_gone_is_known),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
