/* glibc's main arena is found by its form: in what runs here, and in layouts
 * of several versions, made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>
#include "heap/range.h"
#include "scan/glibc.h"
#include "scan/maps.h"
#include "scan/roots.h"

#define WORDS 2048
#define BINS 127
#define HEAP (64ul << 20)

static uintptr_t data[WORDS];
static struct map list[2];
static struct maps maps = {.list = list, .n = 1};

static void map_set(struct map *map, void *low, size_t size)
{
	*map = (struct map){
		.low = (uintptr_t)low,
		.high = (uintptr_t)low + size,
		.kind = MAP_OF_MODULE,
		.write = true,
		.read = true,
	};
}

static int setup(void **state)
{
	(void)state;
	memset(data, 0, sizeof data);
	map_set(&list[0], data, sizeof data);
	maps.n = 1;
	return 0;
}

/* An arena whose head has so many words; where its next is. */
static uintptr_t *make(uintptr_t *arena, unsigned head)
{
	uintptr_t *bins = arena + head;
	unsigned i;

	for (i = 0; i < 2 * BINS; i++)
		bins[i] = (uintptr_t)&bins[i & ~1u] - 16;
	return bins + 2 * BINS + 2;
}

static void expect(const uintptr_t *arena, const uintptr_t *next)
{
	struct range found = {0};

	assert_true(glibc_arena(&maps, &list[0], &found));
	assert_ptr_equal(found.low, arena);
	assert_ptr_equal(found.high, next + 5);
}

static const unsigned heads[] = {14, 13, 3};

static void alone(void **state)
{
	unsigned i;

	for (i = 0; i < sizeof heads / sizeof *heads; i++) {
		uintptr_t *arena = data + 101 + i, *next;

		setup(state);
		next = make(arena, heads[i]);
		*next = (uintptr_t)arena;
		data[7] = 0x24;
		expect(arena, next);
	}
}

static void with_chunks(void **state)
{
	uintptr_t *arena = data + 50, *next = make(arena, 3);
	unsigned i;

	(void)state;
	*next = (uintptr_t)arena;
	for (i = 3; i < 3 + 2 * 100; i++)
		arena[i] = 0x5555000;
	expect(arena, next);
	for (; i < 3 + 2 * 120; i++)
		arena[i] = 0x5555000;
	assert_false(glibc_arena(&maps, &list[0], &(struct range){0}));
}

/* The ring leads through an arena in a heap of its own. */
static void with_threads(void **state)
{
	char *room = mmap(NULL, 2 * HEAP, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *heap = (char *)(((uintptr_t)room + HEAP - 1) & ~(HEAP - 1));
	unsigned i;

	assert_ptr_not_equal(room, MAP_FAILED);
	assert_int_equal(mprotect(heap, 65536, PROT_READ | PROT_WRITE), 0);
	for (i = 0; i < sizeof heads / sizeof *heads; i++) {
		uintptr_t *arena = data + 300, *next;
		uintptr_t *other = (uintptr_t *)(heap + 48), *back;

		setup(state);
		map_set(&list[1], heap, 65536);
		maps.n = 2;
		next = make(arena, heads[i]);
		back = make(other, heads[i]);
		*next = (uintptr_t)other;
		*back = (uintptr_t)arena;
		expect(arena, next);
		*back = (uintptr_t)other;
		assert_false(glibc_arena(&maps, &list[0], &(struct range){0}));
	}
	munmap(room, 2 * HEAP);
}

static void none(void **state)
{
	(void)state;
	assert_false(glibc_arena(&maps, &list[0], &(struct range){0}));
	make(data + 20, 14);
	assert_false(glibc_arena(&maps, &list[0], &(struct range){0}));
}

/* A chunk in the unsorted list points at the arena. */
static void of_this_libc(void **state)
{
	uintptr_t *volatile chunk = malloc(5000);
	void *volatile behind = malloc(100);
	struct range found = {0};
	struct maps now;
	uintptr_t bin;

	(void)state;
	free(chunk);
	bin = chunk[0];
	assert_int_equal(maps_read(&now), 0);
	if (!maps_find(&now, bin) ||
	    maps_find(&now, bin)->kind != MAP_OF_MODULE)
		skip(); /* another allocator */
	assert_true(glibc_arena(&now, maps_find(&now, bin), &found));
	assert_in_range(bin, found.low, found.high);
	assert_in_range(found.high - found.low, 2000, 2300);
	free(behind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(alone, setup),
		cmocka_unit_test_setup(with_chunks, setup),
		cmocka_unit_test_setup(with_threads, setup),
		cmocka_unit_test_setup(none, setup),
		cmocka_unit_test(of_this_libc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
