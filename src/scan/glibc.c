/*
 * Where glibc's malloc keeps its free memory and its books (malloc/malloc.c and
 * malloc/arena.c of glibc 2.26 to 2.43). They are no roots: free chunks hold
 * stale words, and main_arena's lists point at chunk headers, which overlap the
 * last word of the live block before. Snapshot child only. Everything is
 * recognised by its form, nothing is called.
 */
#include <link.h>
#include "heap/range.h"
#include "process/real.h"
#include "scan/blocks.h"
#include "scan/glibc.h"
#include "scan/maps.h"
#include "scan/fault.h"

#define HEAP_MAX (64ul << 20) /* HEAP_MAX_SIZE: heaps are aligned to it */
#define IS_MMAPPED 2ul
#define SIZE_BITS 7ul

/* struct _heap_info, at the start of each heap of a thread's arena */
struct heap_info {
	uintptr_t arena, previous;
	size_t size, committed;
};

/*
 * struct malloc_state: a head that differs (glibc 2.43 has no fast bins), the
 * pairs of pointers of 127 bins, their map, and the pointer to the next arena,
 * which leads round to the first. Behind that are next_free and three numbers.
 */
#define BINS 127
#define HEAD_LEAST 16
#define HEAD_MOST 192
#define MAP_OF_BINS 16
#define NEXT_LEAST (HEAD_LEAST + BINS * 16 + MAP_OF_BINS)
#define NEXT_MOST (HEAD_MOST + BINS * 16 + MAP_OF_BINS)
#define BEHIND_NEXT 40
#define RING_MAX 4096

static struct range main_arena; /* low 0: not found */

/* Whether the ring of glibc's arenas leads there. Without a ring, whether it
 * has the form of an arena. */
static bool is_of_ring(uintptr_t arena)
{
	uintptr_t at = main_arena.low;
	size_t next = main_arena.high - BEHIND_NEXT - main_arena.low;
	unsigned i;

	if (!main_arena.low)
		return true;
	for (i = 0; i < RING_MAX; i++) {
		at = *(const uintptr_t *)(at + next);
		if (at == arena || at == main_arena.low)
			break;
	}
	return at == arena;
}

uintptr_t glibc_next_arena(uintptr_t before)
{
	uintptr_t next;

	if (!before || !main_arena.low)
		return main_arena.low;
	next = before + (main_arena.high - BEHIND_NEXT - main_arena.low);
	next = *(const uintptr_t *)next;
	return next == main_arena.low ? 0 : next;
}

size_t glibc_bins(void)
{
	return main_arena.high - main_arena.low - BEHIND_NEXT - MAP_OF_BINS -
	       BINS * 16;
}

/* Checks closely: programs make arenas of their own that begin much alike. */
static bool is_heap(uintptr_t at)
{
	struct heap_info heap;

	fault_copy(&heap, at, sizeof heap);
	if (!heap.arena || heap.size > HEAP_MAX || heap.committed > HEAP_MAX ||
	    heap.size > heap.committed || !heap.size || heap.committed % 4096)
		return false;
	if (!heap.previous)
		return heap.arena - at >= 32 && heap.arena - at <= 128 &&
		       is_of_ring(heap.arena);
	return heap.previous % HEAP_MAX == 0 && heap.arena % 16 == 0 &&
	       is_of_ring(heap.arena);
}

/* Cuts the heaps in a mapping. Memory behind a heap that has no access is
 * reserved for it. */
static void cut_heaps(const struct map *map, glibc_cut_fn *add)
{
	uintptr_t at = (map->low + HEAP_MAX - 1) & ~(HEAP_MAX - 1);

	for (; at < map->high; at += HEAP_MAX)
		if (is_heap(at))
			add(at, at + HEAP_MAX);
}

/* Cuts malloc's heap behind the break, but not what the program took there
 * itself. */
static void cut_break(const struct map *map, glibc_cut_fn *add)
{
	uintptr_t at = map->low;

	while (at < map->high) {
		uintptr_t low = map->high, high = map->high;
		uint32_t i;

		for (i = 0; i < ranges_brk.n; i++)
			if (ranges_brk.list[i].high > at &&
			    ranges_brk.list[i].low < low) {
				low = ranges_brk.list[i].low;
				high = ranges_brk.list[i].high;
			}
		if (low > at)
			add(at, low);
		at = high;
	}
}

/* An empty bin points at itself as a chunk: 16 bytes before its pair. */
static bool is_empty_bin(uintptr_t at)
{
	const uintptr_t *pair = (const uintptr_t *)at;

	return pair[0] == at - 16 && pair[1] == at - 16;
}

/* Whether it may be a thread's arena: right behind the head of a heap. */
static bool may_be_thread_arena(const struct maps *maps, uintptr_t at,
				size_t next)
{
	const struct map *map = maps_find(maps, at);

	return at % HEAP_MAX >= 32 && at % HEAP_MAX <= 128 && map &&
	       map->read && at + next + BEHIND_NEXT <= map->high;
}

/* Whether the ring of arenas, with the pointer at this offset, leads through
 * heaps back to `at`. */
static bool is_ring(const struct maps *maps, uintptr_t at, size_t offset)
{
	uintptr_t next = *(const uintptr_t *)(at + offset);
	unsigned i;

	for (i = 0; i < RING_MAX && next != at; i++) {
		if (!may_be_thread_arena(maps, next, offset))
			return false;
		next = *(const uintptr_t *)(next + offset);
	}
	return next == at;
}

/* Any word of libc's data could look like a link (a bin map of 0x24 did).
 * Enough empty bins prove that it is one. */
static bool has_bins(uintptr_t at, size_t next)
{
	uintptr_t end = at + next - MAP_OF_BINS;
	unsigned empty = 0;

	for (at += HEAD_LEAST; at < end; at += 8)
		empty += is_empty_bin(at);
	return empty >= 16;
}

/* The main arena, when `link` is the word that holds its next one; *end is
 * behind it. 0: there is no arena. */
static uintptr_t arena_of(const struct maps *maps, const struct map *map,
			  uintptr_t link)
{
	uintptr_t next = *(const uintptr_t *)link;
	size_t offset;

	if (next - map->low >= map->high - map->low &&
	    !may_be_thread_arena(maps, next, NEXT_LEAST))
		return 0;
	for (offset = NEXT_LEAST; offset <= NEXT_MOST; offset += 8)
		if (offset <= link - map->low &&
		    is_ring(maps, link - offset, offset) &&
		    has_bins(link - offset, offset))
			return link - offset;
	return 0;
}

bool glibc_arena(const struct maps *maps, const struct map *map,
		 struct range *out)
{
	uintptr_t link = map->low + NEXT_LEAST;

	for (; link + BEHIND_NEXT <= map->high; link += 8) {
		out->low = arena_of(maps, map, link);
		out->high = link + BEHIND_NEXT;
		if (out->low)
			return true;
	}
	return false;
}

/* Cuts a chunk with a mapping of its own, with header and padding. From glibc
 * 2.43 on its size is 16 less, and what lies before it has a bit for huge
 * pages. */
static void cut_mapped(uintptr_t at, glibc_cut_fn *add)
{
	size_t header[2]; /* before, size */
	uintptr_t low, high;

	fault_copy(header, at - 16, sizeof header);
	low = at - 16 - (header[0] & ~SIZE_BITS);
	high = at - 16 + (header[1] & ~SIZE_BITS);
	high += high % 4096 == 4080 ? 16 : 0;
	if (header[1] & IS_MMAPPED && low % 4096 == 0 && high % 4096 == 0 &&
	    low < at && high > at)
		add(low, high);
}

static bool is_libc(const struct map *map)
{
	struct dl_find_object libc;

	return !_dl_find_object((void *)real.malloc, &libc) &&
	       map->low >= (uintptr_t)libc.dlfo_map_start &&
	       map->low < (uintptr_t)libc.dlfo_map_end;
}

static bool is_plain(const struct map *map)
{
	return map->write && map->read && !map->shared;
}

static void cut_main_arena(const struct maps *maps, glibc_cut_fn *add)
{
	uint32_t i;

	main_arena = (struct range){0};
	for (i = 0; i < maps->n && !main_arena.low; i++)
		if (is_plain(&maps->list[i]) &&
		    maps->list[i].kind == MAP_OF_MODULE &&
		    is_libc(&maps->list[i]))
			glibc_arena(maps, &maps->list[i], &main_arena);
	if (main_arena.low)
		add(main_arena.low, main_arena.high);
}

/* Looks at large blocks only. How far apart they are decides what it costs to
 * look at all. */
static void cut_mapped_in(const struct map *map, glibc_cut_fn *add)
{
	uintptr_t block;

	for (block = blocks_from(map->low); block && block < map->high;
	     block = blocks_from(block + 1))
		if (block - map->low >= 16 &&
		    ((block & 4095) == 16 || blocks_size(block) >= 4096))
			cut_mapped(block, add);
}

void glibc_cut(const struct maps *maps, glibc_cut_fn *add)
{
	uint32_t i;

	cut_main_arena(maps, add);
	for (i = 0; i < maps->n; i++) {
		const struct map *map = &maps->list[i];

		if (!is_plain(map))
			continue;
		if (map->kind == MAP_OF_HEAP)
			cut_break(map, add);
		else if (map->kind != MAP_OF_MODULE && !map->file)
			cut_heaps(map, add);
		if (!map->file && map->kind != MAP_OF_HEAP)
			cut_mapped_in(map, add);
	}
}
