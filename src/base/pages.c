/*
 * See pages.h.
 *
 * There is no lock: a compare-and-swap claims a slot of the registry. Nothing
 * here may call libc, whose allocator is being observed.
 *
 * The registry is a table of chunks. The first chunk is a small static one. The
 * others are mapped, and each stands in its own first slot. Slots are searched
 * one by one: mappings are few (big arenas, per-thread memory), and most are
 * never given back.
 */
#include <stdatomic.h>
#include <sys/mman.h>
#include "base/large.h"
#include "base/pages.h"
#include "base/sys.h"

#define CHUNK_SLOTS 1024u
#define CHUNK_BYTES (CHUNK_SLOTS * sizeof(struct slot)) /* whole pages */
#define CHUNKS 64u
#define FEW 32u /* before the first chunk */

/* start: SLOT_FREE, SLOT_CLAIMED (end is being written), or the address. */
struct slot {
	_Atomic uintptr_t start, end;
};

enum { SLOT_FREE, SLOT_CLAIMED };

static _Atomic(struct slot *) chunks[CHUNKS] LARGE;
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

	if (!bytes || closed || (memory_refuses && memory_refuses(bytes)))
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
	struct slot *chunk = atomic_load(&chunks[index]), *old = NULL;

	if (chunk)
		return chunk;
	chunk = map_pages(CHUNK_BYTES);
	if (!chunk)
		return NULL;
	slot_set(&chunk[0], (uintptr_t)chunk, CHUNK_BYTES);
	if (atomic_compare_exchange_strong(&chunks[index], &old, chunk))
		return chunk;
	sys(SYS_munmap, chunk, CHUNK_BYTES);
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

/* No huge pages: the largest parts use one page each. */
void pages_begin(void)
{
	void *pages = map_pages(HULL);
	struct slot *slot = pages ? slot_next() : NULL;

	if (!slot)
		return;
	sys(SYS_madvise, pages, HULL, MADV_NOHUGEPAGE);
	slot_set(slot, (uintptr_t)pages, HULL);
	hull = slot;
}

static void slot_free(struct slot *slot)
{
	atomic_fetch_add(&slots_freed, 1);
	atomic_store(&slot->start, SLOT_FREE);
}

void *pages_map(size_t bytes)
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
		slot_free(slot);
		return NULL;
	}
	slot_set(slot, (uintptr_t)pages, bytes);
	return pages;
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

size_t pages_bytes(const void *start)
{
	struct slot *slot = start ? slot_of(start) : NULL;

	return slot ? atomic_load(&slot->end) - (uintptr_t)start : 0;
}

void *pages_resize(void *pages, size_t bytes, size_t to)
{
	struct slot *slot = slot_of(pages);
	long ret;

	if (!slot || (to > bytes && memory_refuses && memory_refuses(to)))
		return NULL;
	ret = sys(SYS_mremap, pages, bytes, to, MREMAP_MAYMOVE, 0);
	if (sys_failed(ret))
		return NULL;
	slot_set(slot, ret, to);
	return (void *)ret;
}

/* The slot is freed first: once the pages are gone, another thread may get
 * them and register them anew. */
void pages_unmap(void *pages, size_t bytes)
{
	struct slot *slot = slot_of(pages);

	if (slot)
		slot_free(slot);
	sys(SYS_munmap, pages, bytes);
}

unsigned pages_anew(void)
{
	hull = NULL;
	atomic_store(&slots_freed, 0);
	return atomic_load(&slots_used);
}

int pages_range(unsigned i, uintptr_t *start, uintptr_t *end)
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

size_t pages_total(void)
{
	uintptr_t start, end;
	size_t sum = 0;
	unsigned i;

	for (i = 0; pages_range(i, &start, &end); i++)
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
void pages_give_back(bool keep(uintptr_t start))
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
