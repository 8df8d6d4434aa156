/*
 * Pages from the kernel, the registry of all mappings, and bump allocation.
 *
 * Any thread and any signal handler may run this. There is no lock: a
 * compare-and-swap claims a slot of the registry. Nothing here may call libc,
 * whose allocator is being observed.
 *
 * The registry is a table of chunks. The first chunk is a small static one. The
 * others are mapped, and each stands in its own first slot. Slots are searched
 * one by one: mappings are few (big arenas, per-thread memory), and most are
 * never given back.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include "base/arena.h"
#include "base/debug.h"
#include "base/sys.h"

/* The largest page that a kernel for this machine may use. */
#define PAGE 4096ul

#define CHUNK_SLOTS 1024u
#define CHUNKS 64u
#define FEW 64u /* before the first chunk */

/* A piece from which bump allocation cuts. The first piece of an arena is
 * smaller. A request of more than a quarter of a piece gets a mapping of its
 * own, so that little is wasted. */
#define PIECE (256ul * 1024)
#define PIECE_FIRST (PIECE / 4)

/* start: SLOT_FREE, SLOT_CLAIMED (end is being written), or the address. */
struct slot {
	_Atomic uintptr_t start, end;
};

enum { SLOT_FREE, SLOT_CLAIMED };

static struct {
	size_t bytes, used; /* 0: none */
	size_t most;	    /* the most that was in use */
	unsigned slots;	    /* slots in use when the limit was set */
	bool exceeded;
} limit; /* of the child, which has one thread */

static _Atomic(struct slot *) chunks[CHUNKS];
static atomic_bool closed;	/* nothing is mapped any more */
static atomic_uint slots_used;	/* the slots before this one have been used */
static atomic_uint slots_freed; /* about how many of these are free again */

/* The first mappings are cut from one large mapping, the hull. The registry has
 * it as what is left of it. A mapping of its own for each would cost a program
 * that runs for a millisecond two system calls and a page of its tables, and
 * each of its forks a copy of that. */
#define HULL (3328ul << 10)
static struct slot *hull;    /* NULL: none yet, or no more */
static struct slot few[FEW]; /* the first ones, on a page that is used anyway */

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

/* A thread that loses the race cuts elsewhere. */
static void *hull_cut(size_t bytes)
{
	uintptr_t at, end;

	if (!hull)
		return NULL;
	at = atomic_load(&hull->start);
	end = atomic_load(&hull->end);
	do
		if (end - at < bytes)
			return NULL;
	while (!atomic_compare_exchange_weak(&hull->start, &at, at + bytes));
	return (void *)at;
}

static void *map_pages(size_t bytes)
{
	void *cut;
	long ret;

	if (!bytes || closed || (arena_refuses && arena_refuses(bytes)))
		return NULL;
	cut = hull_cut(bytes);
	if (cut)
		return cut;
	ret = sys(SYS_mmap, 0, bytes, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return sys_failed(ret) ? NULL : (void *)ret;
}

static void slot_set(struct slot *slot, uintptr_t start, size_t bytes)
{
	atomic_store_explicit(&slot->end, start + bytes, memory_order_relaxed);
	atomic_store_explicit(&slot->start, start, memory_order_release);
}

/* The chunk with that index; made when it is missing. When two threads make it
 * at once, one gives its own back. NULL when memory is short. */
static struct slot *chunk_make(unsigned index)
{
	size_t bytes = round_up(CHUNK_SLOTS * sizeof(struct slot), PAGE);
	struct slot *chunk = atomic_load(&chunks[index]), *old = NULL;

	if (chunk)
		return chunk;
	chunk = map_pages(bytes);
	if (!chunk)
		return NULL;
	slot_set(&chunk[0], (uintptr_t)chunk, bytes);
	if (atomic_compare_exchange_strong(&chunks[index], &old, chunk))
		return chunk;
	sys(SYS_munmap, chunk, bytes);
	return old;
}

/* NULL when its chunk was never made. */
static struct slot *slot_get(unsigned i)
{
	struct slot *chunk;

	if (i < FEW)
		return &few[i];
	i -= FEW;
	chunk = atomic_load(&chunks[i / CHUNK_SLOTS]);
	return chunk ? &chunk[i % CHUNK_SLOTS] : NULL;
}

static bool slot_claim(struct slot *slot)
{
	uintptr_t free = SLOT_FREE;

	return atomic_compare_exchange_strong(&slot->start, &free,
					      SLOT_CLAIMED);
}

/* Claims a slot that was given back; NULL when there is none. */
static struct slot *slot_again(void)
{
	unsigned i, n = atomic_load(&slots_used);

	if (!atomic_load(&slots_freed))
		return NULL;
	for (i = 0; i < n; i++) {
		struct slot *slot = slot_get(i);

		if (slot && slot_claim(slot)) {
			atomic_fetch_sub(&slots_freed, 1);
			return slot;
		}
	}
	return NULL;
}

/* Claims a slot that was never used; NULL when memory is short. The chunk is
 * made before the count moves, so that every slot counted exists. */
static struct slot *slot_next(void)
{
	unsigned i = atomic_load(&slots_used);

	while (i < FEW + CHUNKS * CHUNK_SLOTS) {
		if (i >= FEW && !chunk_make((i - FEW) / CHUNK_SLOTS))
			return NULL;
		if (!atomic_compare_exchange_weak(&slots_used, &i, i + 1))
			continue;
		/* The first slot holds the chunk itself. slot_again() may have
		 * claimed any other one first. */
		if (slot_claim(slot_get(i)))
			return slot_get(i);
		i = atomic_load(&slots_used);
	}
	return NULL;
}

void arena_limit(size_t bytes)
{
	limit.bytes = bytes;
	limit.used = 0;
	limit.slots = atomic_load(&slots_used);
	hull = NULL;
	atomic_store(&slots_freed, 0);
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

/* No huge pages: the largest parts use one page each. */
void arena_begin(void)
{
	void *pages = map_pages(HULL);
	struct slot *slot = pages ? slot_next() : NULL;

	if (!slot)
		return;
	sys(SYS_madvise, pages, HULL, MADV_NOHUGEPAGE);
	slot_set(slot, (uintptr_t)pages, HULL);
	hull = slot;
}

static void *map_registered(size_t bytes)
{
	struct slot *slot;
	void *pages;

	slot = slot_again();
	if (!slot)
		slot = slot_next();
	if (!slot)
		return NULL;
	pages = map_pages(bytes);
	if (!pages) {
		atomic_fetch_add(&slots_freed, 1);
		atomic_store(&slot->start, SLOT_FREE);
		return NULL;
	}
	slot_set(slot, (uintptr_t)pages, bytes);
	return pages;
}

void *arena_map(size_t bytes)
{
	void *pages;

	bytes = page_bytes(bytes);
	if (!limit_allows(bytes))
		return NULL;
	pages = map_registered(bytes);
	if (!pages)
		limit_release(bytes);
	return pages;
}

void *arena_reserve(size_t bytes)
{
	return map_registered(page_bytes(bytes));
}

static struct slot *slot_of(const void *pages)
{
	unsigned i, n = atomic_load(&slots_used);

	for (i = 0; i < n; i++) {
		struct slot *slot = slot_get(i);

		if (slot && atomic_load(&slot->start) == (uintptr_t)pages)
			return slot;
	}
	return NULL;
}

void *arena_resize(void *pages, size_t bytes, size_t to)
{
	struct slot *slot;
	long ret;

	if (!pages)
		return arena_map(to);
	bytes = page_bytes(bytes);
	to = page_bytes(to);
	slot = slot_of(pages);
	if (!slot || !to || (to > bytes && arena_refuses && arena_refuses(to)))
		return NULL;
	if (to > bytes && !limit_allows(to - bytes))
		return NULL;
	ret = sys(SYS_mremap, pages, bytes, to, MREMAP_MAYMOVE, 0);
	if (sys_failed(ret)) {
		limit_release(to > bytes ? to - bytes : 0);
		return NULL;
	}
	slot_set(slot, ret, to);
	limit_release(to < bytes ? bytes - to : 0);
	return (void *)ret;
}

/* The slot is freed first: once the pages are gone, another thread may get
 * them and register them anew. */
void arena_unmap(void *pages, size_t bytes)
{
	struct slot *slot = pages ? slot_of(pages) : NULL;

	if (!pages)
		return;
	if (slot) {
		atomic_fetch_add(&slots_freed, 1);
		atomic_store(&slot->start, SLOT_FREE);
	}
	sys(SYS_munmap, pages, page_bytes(bytes));
	limit_release(page_bytes(bytes));
}

void arena_unmap_at(const void *start)
{
	struct slot *slot = start ? slot_of(start) : NULL;

	if (slot)
		arena_unmap((void *)(uintptr_t)start,
			    atomic_load(&slot->end) - (uintptr_t)start);
}

size_t arena_total(void)
{
	uintptr_t start, end;
	size_t sum = 0;
	unsigned i;

	for (i = 0; arena_range(i, &start, &end); i++)
		sum += end - start;
	return sum;
}

static bool is_chunk(uintptr_t start)
{
	unsigned i;

	for (i = 0; i < CHUNKS; i++)
		if (start == (uintptr_t)atomic_load(&chunks[i]))
			return true;
	return false;
}

/* The chunks of the registry stand in it themselves. */
void arena_give_back(bool keep(uintptr_t start))
{
	unsigned i = atomic_load(&slots_used);

	closed = true;
	while (i--) {
		struct slot *slot = slot_get(i);
		uintptr_t start = slot ? atomic_load(&slot->start) : 0;

		if (start <= SLOT_CLAIMED || keep(start) || is_chunk(start))
			continue;
		atomic_store(&slot->start, SLOT_FREE);
		sys(SYS_munmap, start, atomic_load(&slot->end) - start);
	}
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
	if (!bytes || (arena_refuses && arena_refuses(bytes)))
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

int arena_range(unsigned i, uintptr_t *start, uintptr_t *end)
{
	struct slot *slot;

	*start = *end = 0;
	if (i >= atomic_load(&slots_used))
		return 0;
	slot = slot_get(i);
	if (!slot || atomic_load(&slot->start) <= SLOT_CLAIMED)
		return 1;
	*start = atomic_load(&slot->start);
	*end = atomic_load(&slot->end);
	return 1;
}

#ifdef GORDIAN_DEBUG
int arena_is_valid(const struct arena *arena)
{
	uintptr_t start, end, at = (uintptr_t)arena->at;
	unsigned i;

	if (!arena->at)
		return !arena->end;
	for (i = 0; arena_range(i, &start, &end); i++) {
		if (start <= at && at <= end && end == (uintptr_t)arena->end)
			return at % 16 == 0;
	}
	return 0;
}
#endif
