/* glibc's main arena is found by its form: in what runs here, and in layouts
 * of several versions, made by hand. */
#include <string.h>
#include "heap-make.h"
#include "heap/range.h"
#include "process/real.h"
#include "scan/fault.h"
#include "scan/glibc.h"
#include "scan/maps.h"

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
#ifdef __SANITIZE_ADDRESS__
	free(behind);
	skip(); /* it has an allocator of its own */
#endif
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

static struct range cut[20];
static unsigned cut_n;

static void note_cut(uintptr_t low, uintptr_t high)
{
	CHECK(cut_n < 20);
	cut[cut_n++] = (struct range){low, high};
}

static void cut_in(enum map_kind kind, uintptr_t low, size_t size)
{
	map_set(&list[0], (void *)low, size);
	list[0].kind = kind;
	maps.n = 1;
	CHECK_EQUAL(blocks_build(NULL), 0);
	cut_n = 0;
	glibc_cut(&maps, note_cut);
}

static void was_cut(unsigned i, uintptr_t low, uintptr_t high)
{
	CHECK(i < cut_n);
	CHECK_EQUAL(cut[i].low, low);
	CHECK_EQUAL(cut[i].high, high);
}

/* A chunk of that size, with so much before it. */
static void chunk(uintptr_t at, size_t before, size_t size, size_t bits)
{
	put(at - 16, before);
	put(at - 8, size | bits);
	block(at, size - 16);
}

#define PAGE 4096ul

/* Chunks that are mappings of their own go as a whole: from where the mapping
 * begins, which padding for an alignment puts far before the block. */
static void mapped_chunks(void)
{
	chunk(room + 16, 0, 40 * PAGE, 2);
	chunk(room + 0x100000, 0xffff0, 0x80010, 2);
	chunk(room + 0x200010, 0, 0x7fff0, 2);	    /* glibc 2.43 */
	chunk(room + 0x300010, 1, 0x80000, 2);	    /* in huge pages */
	chunk(room + 0x400010, 0, 0x80000, 1);	    /* of an arena */
	chunk(room + 0x500010, 0x20, 0x80000, 2);   /* from no page on */
	chunk(room + 0x600010, 0, 0x80000 - 32, 2); /* to no page */
	cut_in(MAP_FOREIGN, room, ROOM);
	CHECK_EQUAL(cut_n, 4);
	was_cut(0, room, room + 40 * PAGE);
	was_cut(1, room, room + 0x180000);
	was_cut(2, room + 0x200000, room + 0x280000);
	was_cut(3, room + 0x300000, room + 0x380000);
	list[0].file = true;
	cut_n = 0;
	glibc_cut(&maps, note_cut);
	CHECK_EQUAL(cut_n, 0);
}

/* struct _heap_info: arena, previous, size, committed */
static void heap_info_at(uintptr_t at, uintptr_t arena, uintptr_t before)
{
	put(at, arena);
	put(at + 8, before);
	put(at + 16, 132 * 1024);
	put(at + 24, 132 * 1024);
}

/* What a thread's arena has for itself, all of it, where it begins: a whole
 * number of heaps, and nothing that only looks a little like one. */
static void heaps_of_threads(void)
{
	heap_info_at(room, room + 48, 0);
	cut_in(MAP_FOREIGN, room - 2 * PAGE, PAGE * 200);
	CHECK_EQUAL(cut_n, 1);
	was_cut(0, room, room + HEAP);
	put(room, room + 16); /* the arena lies not so near */
	cut_in(MAP_FOREIGN, room, PAGE * 200);
	CHECK_EQUAL(cut_n, 0);
	heap_info_at(room, room + 7 * HEAP + 48,
		     room + 7 * HEAP); /* a later one */
	cut_in(MAP_FOREIGN, room, PAGE * 200);
	CHECK_EQUAL(cut_n, 1);
	heap_info_at(room, room + 7 * HEAP + 48, room + 7 * HEAP + PAGE);
	cut_in(MAP_FOREIGN, room, PAGE * 200);
	CHECK_EQUAL(cut_n, 0);
	heap_info_at(room, room + 48, 0);
	put(room + 24, 132 * 1024 + 16); /* pages are committed */
	cut_in(MAP_FOREIGN, room, PAGE * 200);
	CHECK_EQUAL(cut_n, 0);
	put(room + 24, 128 * 1024); /* less than is used */
	cut_in(MAP_FOREIGN, room, PAGE * 200);
	CHECK_EQUAL(cut_n, 0);
	heap_info_at(room, room + 48, 0);
	cut_in(MAP_OF_MODULE, room, PAGE * 200);
	CHECK_EQUAL(cut_n, 0);
}

/* A mapping that the child does not have, or may not read. */
static void heaps_that_are_not_there(void)
{
	real_init();
	fault_survive(NULL);
	heap_info_at(room, room + 48, 0);
	chunk(room + 0x100010, 0, 0x80000, 2);
	CHECK_EQUAL(mprotect((void *)room, PAGE, PROT_NONE), 0);
	CHECK_EQUAL(munmap((void *)(room + 0x100000), PAGE), 0);
	cut_in(MAP_FOREIGN, room, ROOM);
	CHECK_EQUAL(cut_n, 0);
}

/* malloc's, but for what the program took there itself. */
static void behind_the_break(void)
{
	uintptr_t end = room + 100 * PAGE;

	cut_in(MAP_OF_HEAP, room, 100 * PAGE);
	CHECK_EQUAL(cut_n, 1);
	was_cut(0, room, end);
	ranges_add(&ranges_brk, room + 50 * PAGE, room + 60 * PAGE);
	ranges_add(&ranges_brk, room + 10 * PAGE, room + 11 * PAGE);
	ranges_add(&ranges_brk, end, end + PAGE);
	cut_in(MAP_OF_HEAP, room, 100 * PAGE);
	CHECK_EQUAL(cut_n, 3);
	was_cut(0, room, room + 10 * PAGE);
	was_cut(1, room + 11 * PAGE, room + 50 * PAGE);
	was_cut(2, room + 60 * PAGE, end);
	ranges_add(&ranges_brk, room - PAGE, room + PAGE);
	cut_in(MAP_OF_HEAP, room, 100 * PAGE);
	was_cut(0, room + PAGE, room + 10 * PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(alone, setup),
		cmocka_unit_test_setup(with_chunks, setup),
		cmocka_unit_test_setup(with_threads, setup),
		cmocka_unit_test_setup(none, setup),
		cmocka_unit_test(of_this_libc),
		IN_CHILD(mapped_chunks),
		IN_CHILD(heaps_of_threads),
		IN_CHILD(heaps_that_are_not_there),
		IN_CHILD(behind_the_break),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
