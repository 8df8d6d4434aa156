/*
 * See held.h. Most forked children end with a handful of blocks, all of them
 * still held. To clone such a process and to analyse the copy takes ten times
 * as long as the process ran.
 *
 * What is read here is part of what a scan takes for roots (roots.c): the
 * stack, the data of modules, and blocks that are live by decree, those of the
 * parent. So a block that is found to be held here is held for a scan, too.
 * When a block is not found to be held, nothing is concluded, and a scan is
 * made. The same goes for all that is not simple: other threads, objects of
 * macros, blocks that a word of the table cannot hold, another allocator.
 *
 * The kernel is asked for memory page by page before it is read, since the
 * program may have shut it off. Nobody can do so in between.
 */
#include <link.h>
#include <string.h>
#include "base/large.h"
#include "base/likely.h"
#include "base/probe.h"
#include "base/sys.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "heap/overflow.h"
#include "process/outside.h"
#include "process/real.h"
#include "process/stopped.h"
#include "process/task.h"
#include "process/thread.h"
#include "refs/refs_table.h"
#include "snapshot/held.h"

#define OWN_MAX 4096
#define PAGES_MAX 1024 /* looked at; with more, a scan is worth its cost */
#define PAGE 4096ul

#define NOT_HELD UINT32_MAX
#define LAST OWN_MAX

static struct own {
	uintptr_t low, high; /* a block of size 0 counts as one byte */
	uint32_t next;	     /* the next held block to be read, or NOT_HELD */
} own[OWN_MAX] LARGE;

static struct {
	uint32_t n, left; /* our own blocks; those of them not held */
	uint32_t todo;
	uintptr_t low, high; /* the range of them all */
	bool exact;	     /* words into a block do not count */
} held;

static struct {
	uintptr_t known; /* the kernel was asked up to here, in order of address
			  */
	uint32_t pages;
	bool failed;
} ask;

/* A call for each page. One call for many takes as long. */
static void ask_for(uintptr_t low, uintptr_t high)
{
	uintptr_t page = low & -PAGE;

	for (page = page > ask.known ? page : ask.known; page < high;
	     page += PAGE) {
		if (ask.failed || ask.pages++ == PAGES_MAX ||
		    !probe_readable(page)) {
			ask.failed = true;
			return;
		}
		ask.known = page + PAGE;
	}
}

/* Whether the whole range may be read. */
static bool may_read(uintptr_t low, uintptr_t high)
{
	ask.known = 0;
	ask_for(low, high);
	return !ask.failed;
}

static bool is_own(struct heap_word word)
{
	return heap_is_own(word) && heap_stack(word);
}

typedef void visit_fn(uintptr_t block, struct heap_word word);

static void visit_page(uintptr_t at, const uint64_t *place, visit_fn *visit)
{
	uintptr_t granule = 1ul << heap_table.shift;
	uint32_t i;

	for (i = 0; i < heap_page_words(); i++)
		if (i % 4 == 0 &&
		    !(place[i] | place[i + 1] | place[i + 2] | place[i + 3]))
			i += 3;
		else if (place[i])
			visit(heap_begin(at + i * granule, place[i]),
			      (struct heap_word){place[i]});
}

/* Visits all blocks, in order of address. */
static void visit_blocks(visit_fn *visit)
{
	uintptr_t at = 0;

	while ((at = heap_next_written(at)) >> HEAP_ADDRESS_BITS == 0) {
		at &= -HEAP_PAGE_SPAN;
		visit_page(at, heap_words(at), visit);
		at += HEAP_PAGE_SPAN;
	}
}

/* Visits only the blocks in whose pages of records there are some of our
 * own. */
static void visit_own(visit_fn *visit)
{
	const uint64_t *place;
	uintptr_t at = 0;

	for (; (place = heap_next_own(&at)); at += HEAP_PAGE_SPAN)
		visit_page(at, place, visit);
}

static void note_block(uintptr_t block, struct heap_word word)
{
	uint32_t size = heap_small_size(word);

	if (ask.failed || !is_own(word))
		return;
	if (size == HEAP_SIZE_MAX || held.n == OWN_MAX) {
		ask.failed = true;
		return;
	}
	ask_for(block, block + size);
	held.high = block + (size ? size : 1);
	if (!held.n)
		held.low = block;
	own[held.n++] = (struct own){block, held.high, NOT_HELD};
}

/* Moves the last one to its place in the order. */
static void settle(void)
{
	struct own last = own[held.n - 1];
	uint32_t i = held.n - 1;

	for (; i && own[i - 1].low > last.low; i--)
		own[i] = own[i - 1];
	own[i] = last;
	held.low = own[0].low;
	held.high = own[held.n - 1].high;
}

/* They are sorted where they are kept: this stack is read when it is not the
 * thread's own. A block that is listed twice is noted once. */
static void note_listed(const uintptr_t *blocks, uint32_t n)
{
	uint32_t i, k;

	for (i = 0; i < n; i++) {
		const uint64_t *place = heap_place(blocks[i]);

		for (k = 0; k < held.n && own[k].low != blocks[i]; k++)
			;
		if (!place || !heap_is_of(*place, blocks[i]) || k < held.n)
			continue;
		ask.known = 0;
		note_block(blocks[i], (struct heap_word){*place});
		if (k < held.n)
			settle();
	}
}

static bool note_blocks(void)
{
	const uintptr_t *blocks;
	uint32_t n;

	held.n = 0;
	ask.known = 0;
	ask.pages = 0;
	ask.failed = overflow_has(heap_is_own);
	if (heap_listed(&blocks, &n))
		note_listed(blocks, n);
	else
		visit_own(note_block);
	held.left = held.n;
	held.todo = LAST;
	return !ask.failed;
}

/* The last of our own blocks that begins at that address or before. */
static uint32_t find(uintptr_t word)
{
	uint32_t low = 0, high = held.n;

	while (high - low > 1) {
		uint32_t middle = (low + high) / 2;

		if (own[middle].low <= word)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void found(uintptr_t word)
{
	uint32_t i = find(word);

	if (own[i].next != NOT_HELD || word >= own[i].high ||
	    (held.exact && word != own[i].low))
		return;
	own[i].next = held.todo;
	held.todo = i;
	held.left--;
}

/* Whether one of eight words may be in the range that is searched, 2^shift
 * bytes from `first` on. There is no branch for each word. */
typedef uint64_t two_words __attribute__((vector_size(16), aligned(8)));
static inline bool may_hold(const uintptr_t *at, uint64_t first, uint32_t shift)
{
	const two_words *words = (const void *)at;
	two_words any = ((words[0] - first) >> shift) - 1;

	any |= ((words[1] - first) >> shift) - 1;
	any |= ((words[2] - first) >> shift) - 1;
	any |= ((words[3] - first) >> shift) - 1;
	return (any[0] | any[1]) >> 63;
}

/* Reads any words of the program's. */
__attribute__((no_sanitize("address"))) static void
read_each(const uintptr_t *at, const uintptr_t *end)
{
	for (; at < end; at++)
		if (*at - held.low < held.high - held.low)
			found(*at);
}

__attribute__((no_sanitize("address"))) static void read_words(uintptr_t low,
							       uintptr_t high)
{
	const uintptr_t *at = (const uintptr_t *)((low + 7) & -8ul);
	const uintptr_t *end = (const uintptr_t *)(high & -8ul);
	uint32_t shift = 64 - __builtin_clzl((held.high - held.low) | 1);
	uintptr_t first = held.low;

	for (; end - at >= 8; at += 8)
		if (unlikely(may_hold(at, first, shift)))
			read_each(at, at + 8);
	read_each(at, end);
}

/* Reads our own blocks that are held. */
static void read_held(void)
{
	while (held.left && held.todo != LAST) {
		const struct own *block = &own[held.todo];

		held.todo = block->next;
		read_words(block->low, block->high);
	}
}

static void read_parents(uintptr_t block, struct heap_word word)
{
	uint32_t size = heap_small_size(word);

	if (!held.left || ask.failed || is_own(word) || size == HEAP_SIZE_MAX)
		return;
	ask_for(block, block + size);
	if (!ask.failed)
		read_words(block, block + size);
}

/* Reads the stack, without libc's frames outside of main. */
static void read_stack(const struct stopped *here)
{
	const struct thread *self = thread_self;
	uintptr_t low, high;

	if (!self || here->sp < self->stack_low || here->sp >= self->stack_high)
		return;
	outside_main(&low, &high);
	if (here->sp > low || low >= high || high > self->stack_high)
		low = high = self->stack_high;
	if (may_read(here->sp, self->stack_high)) {
		read_words(here->sp, low);
		read_words(high, self->stack_high);
	}
}

static void read_segments(const ElfW(Ehdr) * header, uintptr_t base)
{
	const ElfW(Phdr) *segment =
		(const void *)((const char *)header + header->e_phoff);
	uint32_t i;

	if (header->e_phoff + header->e_phnum * sizeof *segment > PAGE)
		return;
	for (i = 0; i < header->e_phnum && held.left; i++) {
		uintptr_t low = base + segment[i].p_vaddr;
		uintptr_t high = low + segment[i].p_memsz;

		if (segment[i].p_type != PT_LOAD ||
		    !(segment[i].p_flags & PF_W))
			continue;
		if (!may_read(low, high))
			return;
		read_words(low, high);
		read_held();
	}
}

static bool has(const struct dl_find_object *module, const void *at)
{
	return at >= module->dlfo_map_start && at < module->dlfo_map_end;
}

/* libc's data has the books of its allocator. They hold the headers of free
 * chunks, and never point at the first byte of a block. */
static void read_module(const struct link_map *map)
{
	static const char mark;
	struct dl_find_object module;
	const char *start;

	if (_dl_find_object(map->l_ld, &module) || has(&module, &mark))
		return;
	start = module.dlfo_map_start;
	if (!may_read((uintptr_t)start, (uintptr_t)start + PAGE) ||
	    memcmp(start, ELFMAG, SELFMAG))
		return;
	held.exact = has(&module, (void *)real.malloc);
	read_segments((const void *)start, map->l_addr);
	held.exact = false;
}

static void read_modules(const struct link_map *map)
{
	for (; map && held.left && !ask.failed; map = map->l_next)
		read_module(map);
}

/* The executable's data holds most blocks, and is few pages. Memory that cannot
 * be read there says nothing of the rest. */
static void read_program(void)
{
	if (held.left && !ask.failed)
		read_module(_r_debug.r_map);
	read_held();
}

static bool is_simple(void)
{
	uint32_t shards;

	shards_all(&shards);
	return real_is_glibc && !shards && task_is_alone();
}

static bool look(const struct stopped *here)
{
	if (!heap_table.slots || !note_blocks())
		return false;
	if (held.left && !is_simple())
		return false;
	if (held.left)
		read_stack(here);
	read_held();
	read_program();
	ask.known = 0;
	if (held.left)
		visit_blocks(read_parents);
	read_held();
	if (held.left)
		read_modules(_r_debug.r_map->l_next);
	return !held.left;
}

bool held_all(const struct stopped *here)
{
	uint64_t old;
	bool all;

	sys_set_mask(UINT64_MAX, &old);
	all = look(here);
	sys_set_mask(old, NULL);
	return all;
}
