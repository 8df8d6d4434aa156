/*
 * See freed.h. glibc (2.35 to 2.43) keeps free chunks in three ways, all known
 * by form. A thread's own (tcache) have a number of the process in the second
 * word. The fast bins are lists in which each pointer is masked by its own
 * place. The bins are lists both ways. The top is free, too. Each step is
 * checked. What does not look as it should ends the walk, and is left alone.
 */
#include "base/valgrind.h"
#include "process/guard.h"
#include "process/real.h"
#include "process/thread.h"
#include "refs/refs.h"
#include "scan/blocks.h"
#include "scan/freed.h"
#include "scan/glibc.h"
#include "scan/maps.h"
#include "scan/nodes.h"
#include "scan/fault.h"

/* struct malloc_state: the top is before the bins; before that, up to glibc
 * 2.42, are the fast bins. */
#define BINS 127
#define FAST_BINS 10
#define TOP_BEFORE_BINS 16
#define FAST_BEFORE_BINS 96
#define BINS_BEHIND_FAST 112 /* the bins' place when there are fast bins */
#define SIZE_BITS 7ul
#define STEPS (1u << 22)

struct chunk {
	uintptr_t before, size, next, back;
};

static uintptr_t key; /* in chunks that a thread keeps; 0: unknown */
static const struct maps *maps;
static uint32_t found;

static void learn_key(void)
{
	volatile uintptr_t *block;

	block = real.malloc(
		56); /* 64 bytes apart, so that the program's own blocks lie in
			cache lines as they would without it */
	if (!block)
		return;
	block[1] = 0;
	real.free((void *)block);
	valgrind_silence(1);
	key = block[1]; /* freed, but it was ours a moment ago */
	valgrind_silence(-1);
}

void freed_begin(void)
{
	static bool begun;
	struct thread *self;

	if (!real_is_glibc ||
	    __atomic_exchange_n(&begun, true, __ATOMIC_ACQ_REL))
		return;
	self = guard_enter(FRAME);
	learn_key();
	guard_end(self);
}

static const struct chunk *chunk_at(uintptr_t at)
{
	const struct map *map = maps_find(maps, at);

	return at % 16 == 0 && map && map->read &&
			       map->high - at >= sizeof(struct chunk)
		       ? (const struct chunk *)at
		       : NULL;
}

/* A freed block holds nothing: its words are glibc's links, or stale. */
static void mark_freed(uintptr_t block)
{
	struct place place = blocks_place(block);

	if (place.cell->strong & place.bit)
		return;
	found++;
	place.cell->strong |= place.bit;
}

/* Marks all blocks that begin in a free chunk. Several chunks may have been
 * joined, and others cut from that. */
static void mark_chunk(uintptr_t at)
{
	uintptr_t size, end, block;

	fault_copy(&size, at + 8, sizeof size);
	end = at + (size & ~SIZE_BITS);
	for (block = blocks_from(at + 16); block && block < end;
	     block = blocks_from(block + 1))
		mark_freed(block);
}

static void walk_fast(uintptr_t at)
{
	const struct chunk *chunk;
	uint32_t i;

	for (i = 0; at && i < STEPS; i++) {
		chunk = chunk_at(at);
		if (!chunk)
			return;
		if (blocks_from(at + 16) == at + 16)
			mark_freed(at + 16);
		at = chunk->next ^ ((uintptr_t)&chunk->next >> 12);
	}
}

/* A bin looks like a chunk of which only the two pointers exist. */
static void walk_bin(uintptr_t bin)
{
	const struct chunk *before = (const struct chunk *)bin, *chunk;
	uint32_t i;

	for (i = 0; i < STEPS && before->next != bin; i++) {
		chunk = chunk_at(before->next);
		if (!chunk || chunk->back != (uintptr_t)before)
			return;
		mark_chunk((uintptr_t)chunk);
		before = chunk;
	}
}

static void walk_arena(uintptr_t arena)
{
	const uintptr_t *bins = (const uintptr_t *)(arena + glibc_bins());
	const uintptr_t *fast = bins - FAST_BEFORE_BINS / 8;
	uintptr_t top = bins[-TOP_BEFORE_BINS / 8];
	unsigned i;

	for (i = 0; i < FAST_BINS && glibc_bins() == BINS_BEHIND_FAST; i++)
		walk_fast(fast[i]);
	for (i = 0; i < BINS; i++)
		walk_bin((uintptr_t)(bins + 2 * i - 2));
	if (chunk_at(top) && top != (uintptr_t)(bins - 2))
		mark_chunk(top);
}

/* Walks chunk by chunk from the beginning of the mapping. The walk is right if
 * it meets the top. The end is the top when that is in the mapping. */
static uintptr_t next_chunk(uintptr_t at, uintptr_t top)
{
	uintptr_t size = ((const struct chunk *)at)->size & ~SIZE_BITS;

	return size >= sizeof(struct chunk) && size % 16 == 0 &&
			       size <= top - at
		       ? at + size
		       : 0;
}

static bool leads_to(uintptr_t top, uintptr_t at)
{
	while (at && at < top)
		at = next_chunk(at, top);
	return at == top;
}

/* One block begins in each chunk, behind its header. A block that begins
 * elsewhere was freed before the chunk was cut from the memory of several. */
static void walk_all(uintptr_t arena)
{
	const uintptr_t *bins = (const uintptr_t *)(arena + glibc_bins());
	uintptr_t top = bins[-TOP_BEFORE_BINS / 8], at, next, block;
	const struct map *map = maps_find(maps, top);

	if (!map || !map->read || top % 16 || !leads_to(top, map->low))
		return;
	for (at = map->low; at < top; at = next) {
		next = next_chunk(at, top);
		for (block = blocks_from(at + 17); block && block < next + 16;
		     block = blocks_from(block + 1))
			mark_freed(block);
	}
}

static void visit(uintptr_t block, struct place place, void *data)
{
	uintptr_t word;

	(void)place;
	(void)data;
	if (block % 16)
		return;
	fault_copy(&word, block + 8, sizeof word);
	if (word == key)
		mark_chunk(block - 16);
}

uint32_t freed_mark(const struct maps *all)
{
	uintptr_t arena;

	if (!real_is_glibc)
		return 0;
	maps = all;
	found = 0;
	if (key)
		nodes_each(visit, NULL);
	for (arena = glibc_next_arena(0); arena;
	     arena = glibc_next_arena(arena))
		walk_arena(arena);
	if (found && !refs_pool_used)
		walk_all(glibc_next_arena(0));
	return found;
}
