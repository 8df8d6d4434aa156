/*
 * See arena.h. Any thread and any signal handler may run this. Nothing here may
 * call libc, whose allocator is being observed.
 */
#include <stdbool.h>
#include "base/arena.h"
#include "base/debug.h"
#include "base/pages.h"

/* The largest page that a kernel for this machine may use. */
#define PAGE 4096ul

/* A piece from which bump allocation cuts. The first piece of an arena is
 * smaller. A request of more than a quarter of a piece gets a mapping of its
 * own, so that little is wasted. */
#define PIECE (256ul * 1024)
#define PIECE_FIRST (PIECE / 4)

static struct {
	size_t bytes, used; /* 0: none */
	size_t most;	    /* the most that was in use */
	unsigned slots;	    /* slots in use when the limit was set */
	bool exceeded;
} limit; /* of the child, which has one thread */

/* 0 when it does not fit in a size. */
static size_t round_up(size_t bytes, size_t to)
{
	size_t rounded = (bytes + to - 1) & ~(to - 1);

	return rounded >= bytes ? rounded : 0;
}

static size_t page_bytes(size_t bytes)
{
	return round_up(bytes ? bytes : 1, PAGE);
}

void arena_limit(size_t bytes)
{
	limit.bytes = bytes;
	limit.used = 0;
	limit.slots = pages_anew();
}

void arena_allow(size_t bytes)
{
	if (limit.bytes && limit.bytes < bytes)
		limit.bytes = bytes;
}

unsigned arena_own(void)
{
	return limit.slots;
}

size_t arena_peak(void)
{
	return limit.most;
}

size_t arena_exceeded(void)
{
	return limit.exceeded ? limit.bytes : 0;
}

static bool limit_allows(size_t bytes)
{
	if (!limit.bytes)
		return true;
	if (bytes > limit.bytes - limit.used) {
		limit.exceeded = true;
		return false;
	}
	limit.used += bytes;
	if (limit.used > limit.most)
		limit.most = limit.used;
	return true;
}

/* What was mapped before there was a limit does not lower it. */
static void limit_release(size_t bytes)
{
	limit.used -= bytes < limit.used ? bytes : limit.used;
}

void *arena_map(size_t bytes)
{
	void *pages;

	bytes = page_bytes(bytes);
	if (!limit_allows(bytes))
		return NULL;
	pages = pages_map(bytes);
	if (!pages)
		limit_release(bytes);
	return pages;
}

void *arena_reserve(size_t bytes)
{
	return pages_map(page_bytes(bytes));
}

void *arena_resize(void *pages, size_t bytes, size_t to)
{
	void *moved;

	if (!pages)
		return arena_map(to);
	bytes = page_bytes(bytes);
	to = page_bytes(to);
	if (!to || (to > bytes && !limit_allows(to - bytes)))
		return NULL;
	moved = pages_resize(pages, bytes, to);
	if (!moved)
		limit_release(to > bytes ? to - bytes : 0);
	else
		limit_release(to < bytes ? bytes - to : 0);
	return moved;
}

void arena_unmap(void *pages, size_t bytes)
{
	if (!pages)
		return;
	pages_unmap(pages, page_bytes(bytes));
	limit_release(page_bytes(bytes));
}

void arena_unmap_at(const void *start)
{
	size_t bytes = pages_bytes(start);

	if (bytes)
		arena_unmap((void *)(uintptr_t)start, bytes);
}

void *arena_aligned(struct arena *arena, size_t bytes, size_t align)
{
	size_t skip = -(uintptr_t)arena->at & (align - 1);

	if (skip <= (size_t)(arena->end - arena->at))
		arena->at += skip;
	return arena_alloc(arena, round_up(bytes, align));
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	char *got;

	bytes = round_up(bytes ? bytes : 1, 16);
	if (!bytes || (memory_refuses && memory_refuses(bytes)))
		return NULL;
	if (bytes > PIECE / 4)
		return arena_map(bytes);
	if (bytes > (size_t)(arena->end - arena->at)) {
		size_t piece = arena->end ? PIECE : PIECE_FIRST;

		got = arena_map(piece);
		if (!got)
			got = arena_map(piece = bytes);
		if (!got)
			return NULL;
		arena->at = got;
		arena->end = got + page_bytes(piece);
		debug_check(arena_is_valid(arena));
	}
	got = arena->at;
	arena->at += bytes;
	return got;
}

void arena_release(void *memory, size_t n, size_t size)
{
	if (memory && round_up(n * size, 16) > PIECE / 4)
		arena_unmap(memory, round_up(n * size, 16));
}

#ifdef GORDIAN_DEBUG
int arena_is_valid(const struct arena *arena)
{
	uintptr_t start, end, at = (uintptr_t)arena->at;
	unsigned i;

	if (!arena->at)
		return !arena->end;
	for (i = 0; pages_range(i, &start, &end); i++) {
		if (start <= at && at <= end && end == (uintptr_t)arena->end)
			return at % 16 == 0;
	}
	return 0;
}
#endif
