/*
 * See roots.h. Ranges, not mappings: the kernel joins neighbours into one
 * line. From what is mapped and may hold pointers is cut what is known to be
 * something else: our own memory, allocators' memory, stacks below their
 * pointer and of ended threads. Blocks are left out while a root is read.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include <link.h>
#include <string.h>
#include "arena.h"
#include "blocks.h"
#include "end.h"
#include "init.h"
#include "nptl.h"
#include "park.h"
#include "bootstrap.h"
#include "range.h"
#include "real.h"
#include "roots.h"
#include "stop.h"
#include "thread.h"

struct cut {
	uintptr_t low, high;
	bool descriptor; /* the rest of its mapping is a thread's descriptor */
};

static struct cuts {
	struct cut *list;
	uint32_t n, room;
	int failed;
} cuts;

static void *grow(void *old, uint32_t n, uint32_t *room, size_t each)
{
	uint32_t more = *room ? *room * 2 : 1024;
	void *fresh;

	if (n < *room)
		return old;
	fresh = arena_map(more * each);
	if (!fresh)
		return NULL;
	if (n)
		memcpy(fresh, old, n * each);
	arena_unmap(old, *room * each);
	*room = more;
	return fresh;
}

static void cut_flagged(uintptr_t low, uintptr_t high, bool descriptor)
{
	void *list;

	if (low >= high)
		return;
	list = grow(cuts.list, cuts.n, &cuts.room, sizeof *cuts.list);
	if (!list) {
		cuts.failed = -ENOMEM;
		return;
	}
	cuts.list = list;
	cuts.list[cuts.n++] = (struct cut){low, high, descriptor};
}

static void cut(uintptr_t low, uintptr_t high, void *unused)
{
	(void)unused;
	cut_flagged(low, high, false);
}

static void add(struct roots *roots, struct root root)
{
	void *list;

	if (root.low >= root.high)
		return;
	list = grow(roots->list, roots->n, &roots->room, sizeof *roots->list);
	if (!list) {
		cuts.failed = -ENOMEM;
		return;
	}
	roots->list = list;
	roots->list[roots->n++] = root;
}

/* Read whole, whatever lies there, and not a second time by its mapping. */
static void add_explicit(struct roots *roots, uintptr_t low, uintptr_t high,
			 enum root_kind kind)
{
	low = (low + 7) & ~7ul;
	if (low >= high)
		return;
	add(roots, (struct root){
			   .low = low,
			   .high = high,
			   .kind = kind,
			   .explicit = true,
		   });
	cut(low, high, NULL);
}

static void cut_ours(void)
{
	static const char mark;
	struct dl_find_object found;
	uintptr_t low, high;
	unsigned i;

	for (i = 0; arena_range(i, &low, &high); i++)
		cut(low, high, NULL);
	if (!_dl_find_object((void *)&mark, &found))
		cut((uintptr_t)found.dlfo_map_start,
		    (uintptr_t)found.dlfo_map_end, NULL);
	cut((uintptr_t)snapshot_shared(), (uintptr_t)(snapshot_shared() + 1),
	    NULL);
}

static void cut_ranges(const struct ranges *set)
{
	uint32_t i;

	for (i = 0; i < set->n; i++)
		cut(set->list[i].low, set->list[i].high, NULL);
}

/* The stack of an ended thread, but for what has come in its place since libc
 * gave it back: the loader maps modules there, past our hooks. */
static void cut_ended(const struct maps *maps, uintptr_t low, uintptr_t high)
{
	const struct map *map, *end = maps->list + maps->n;

	if (nptl_state(high) == NPTL_GONE)
		return;
	for (map = maps_from(maps, low); map < end && map->low < high; map++)
		if (map->kind == MAP_FOREIGN && !map->file)
			cut_flagged(map->low > low ? map->low : low,
				    map->high < high ? map->high : high,
				    map->high >= high);
}

/* Who joined a thread has its result; nobody has its argument. */
static void cut_kept(struct roots *roots)
{
	uintptr_t descriptor;
	bool ended;
	uint32_t i;

	for (i = 0; (descriptor = nptl_kept(i, &ended)); i++) {
		if (!ended)
			continue;
		cut(descriptor, descriptor + nptl_size(), NULL);
		/* its dtv is for the next thread */
		add_explicit(roots, descriptor + 8, descriptor + 16,
			     ROOT_STRONG);
	}
}

static bool may_need_argument(const struct thread *t)
{
	enum nptl_state state = nptl_state(t->descriptor);

	return state == NPTL_USED || state == NPTL_UNKNOWN;
}

static const struct thread *thread_of(int32_t tid)
{
	const struct thread *t;

	for (t = thread_first(); t; t = t->next)
		if (t->tid == tid)
			return t;
	return NULL;
}

/* A stack inside a block: the block is live, what is around the stack in it
 * is read, what is below sp is not. */
static void add_stack_block(struct roots *roots, uintptr_t block, uintptr_t low,
			    uintptr_t high)
{
	roots->stack_block[roots->stack_blocks++] = block;
	if (block < low)
		add_explicit(roots, block, low, ROOT_STRONG);
	if (high < block + blocks_size(block))
		add_explicit(roots, high, block + blocks_size(block),
			     ROOT_STRONG);
}

/* A thread on a stack that nobody told us of (fibers, alternate stacks, made
 * by clone): up to the end of its block or mapping. */
static void add_unknown_stack(struct roots *roots, const struct maps *maps,
			      uintptr_t sp)
{
	uintptr_t block = blocks_find(sp);
	const struct map *map = maps_find(maps, sp);

	if (block != BLOCK_NONE) {
		uintptr_t high = block + blocks_size(block);

		add_explicit(roots, sp, high, ROOT_STRONG);
		add_stack_block(roots, block, block, high);
	} else if (map) {
		add_explicit(roots, sp, map->high, ROOT_STRONG);
		if (map->kind == MAP_FOREIGN)
			add_explicit(roots, map->low, sp, ROOT_STALE);
	}
}

static void thread_bounds(const struct thread *t, const struct maps *maps,
			  uintptr_t *low, uintptr_t *high)
{
	const struct map *map;

	*low = *high = 0;
	if (!t || !t->stack_high)
		return;
	*low = t->stack_low;
	*high = t->stack_high;
	if (t->start_frame)
		return;
	/* the first thread's: as far as it is mapped */
	map = maps_find(maps, t->stack_high - 8);
	if (map) {
		*low = map->low;
		*high = map->high;
	}
}

/* Of the first one's stack not what libc has there outside of main: stale words
 * of which an int has taken a half lead into any large block in the end. */
static void add_stack(struct roots *roots, uintptr_t low, uintptr_t high)
{
	uintptr_t from, to;

	end_start_frames(&from, &to);
	if (low <= from && from < to && to <= high) {
		add_explicit(roots, low, from, ROOT_STRONG);
		cut(from, to, NULL);
		low = to;
	}
	add_explicit(roots, low, high, ROOT_STRONG);
}

static void add_thread(struct roots *roots, const struct maps *maps,
		       const struct stopped *s)
{
	const struct thread *t = thread_of(s->tid);
	uintptr_t low, high, block;

	thread_bounds(t, maps, &low, &high);
	add_explicit(roots, s->regs_low, s->regs_high, ROOT_STRONG);
	add_explicit(roots, s->ext_low, s->ext_high, ROOT_STRONG);
	if (s->sp < low || s->sp >= high) {
		/* its own stack waits, from we do not know where */
		add_stack(roots, low, high);
		if (t &&
		    s->sp - (uintptr_t)t->signal_stack < THREAD_SIGNAL_STACK)
			add_explicit(roots, s->sp,
				     (uintptr_t)t->signal_stack +
					     THREAD_SIGNAL_STACK,
				     ROOT_STRONG);
		else
			add_unknown_stack(roots, maps, s->sp);
		return;
	}
	add_stack(roots, s->sp, high);
	cut(low, s->sp, NULL);
	block = blocks_find(s->sp);
	if (block != BLOCK_NONE)
		add_stack_block(roots, block, low, high);
}

/* Threads that are there but did not stop, and records of ended ones. */
static void add_others(struct roots *roots, const struct maps *maps,
		       const struct snapshot *snapshot)
{
	extern void *__libc_stack_end;
	const struct thread *t;
	const int32_t *tids;
	uint32_t n, i, stopped;
	const struct stopped *list = park_list(&stopped);

	tids = stop_tids(&n);
	for (t = thread_first(); t; t = t->next) {
		uintptr_t low, high;
		bool live = false, done = false;

		if (!t->tid)
			continue;
		for (i = 0; i < n; i++)
			live |= tids[i] == t->tid;
		for (i = 0; i < stopped; i++)
			done |= list[i].tid == t->tid;
		if (done || t->tid == snapshot->self.tid)
			continue;
		thread_bounds(t, maps, &low, &high);
		if (live) {
			add_explicit(roots, low, high, ROOT_STRONG);
		} else if (!t->start_frame && high) {
			cut(low, (uintptr_t)__libc_stack_end, NULL);
			add_explicit(roots, (uintptr_t)__libc_stack_end, high,
				     ROOT_STRONG);
		} else if (!t->own_stack && high) {
			cut_ended(maps, low, t->descriptor);
		}
	}
}

static void add_threads(struct roots *roots, const struct maps *maps,
			const struct snapshot *snapshot)
{
	uint32_t i, n;
	const struct stopped *list = park_list(&n);

	add_thread(roots, maps, &snapshot->self);
	add_explicit(roots, (uintptr_t)&snapshot->alternate,
		     (uintptr_t)(&snapshot->alternate + 1), ROOT_STRONG);
	for (i = 0; i < n; i++)
		add_thread(roots, maps, &list[i]);
	add_others(roots, maps, snapshot);
}

/* The first thread's thread-local storage is a small mapping of the loader's:
 * interior pointers count there as in any variable. */
static void add_first_tls(struct roots *roots, const struct maps *maps,
			  uintptr_t pointer)
{
	const struct map *map = maps_find(maps, pointer);

	if (map && map->kind == MAP_FOREIGN && !map->file &&
	    map->high - map->low <= 1 << 20)
		add_explicit(roots, map->low, map->high, ROOT_STRONG);
}

static void add_known(struct roots *roots, const struct maps *maps)
{
	uintptr_t low, high;
	const struct thread *t;
	uint32_t i;

	thread_starting(&low, &high);
	add_explicit(roots, low, high, ROOT_STRONG);
	for (i = 0; bootstrap_range(i, &low, &high); i++)
		add_explicit(roots, low, high, ROOT_STRONG);
	for (i = 0; i < ranges_root.n; i++)
		add_explicit(roots, ranges_root.list[i].low,
			     ranges_root.list[i].high, ROOT_STRONG);
	for (t = thread_first(); t; t = t->next) {
		if (!t->tid)
			continue;
		if (may_need_argument(t))
			add_explicit(roots, (uintptr_t)&t->arg,
				     (uintptr_t)(&t->arg + 1), ROOT_STRONG);
		add_explicit(roots, (uintptr_t)&t->program_stack,
			     (uintptr_t)(&t->program_stack + 1), ROOT_STRONG);
	}
	t = thread_of(init_pid());
	if (t)
		add_first_tls(roots, maps, t->descriptor);
}

/* By low bound; heap sort, as there may be one for every large block. */
static void sift(struct cut *list, uint32_t i, uint32_t n)
{
	struct cut x = list[i];

	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= n)
			break;
		if (child + 1 < n && list[child + 1].low > list[child].low)
			child++;
		if (list[child].low <= x.low)
			break;
		list[i] = list[child];
		i = child;
	}
	list[i] = x;
}

static void sort_cuts(void)
{
	uint32_t i;

	for (i = cuts.n / 2; i--;)
		sift(cuts.list, i, cuts.n);
	for (i = cuts.n; i-- > 1;) {
		struct cut x = cuts.list[0];

		cuts.list[0] = cuts.list[i];
		cuts.list[i] = x;
		sift(cuts.list, 0, i);
	}
}

/* What is left of one mapping; *at is the first cut that may reach it. */
static void add_map(struct roots *roots, const struct map *map,
		    struct root root, uint32_t *at)
{
	enum root_kind kind = root.kind;
	uint32_t i;

	root.low = map->low;
	while (*at < cuts.n && cuts.list[*at].high <= map->low)
		++*at;
	for (i = *at; i < cuts.n && cuts.list[i].low < map->high; i++) {
		if (cuts.list[i].high <= root.low)
			continue;
		root.high = cuts.list[i].low;
		add(roots, root);
		root.low = cuts.list[i].high;
		root.kind = cuts.list[i].descriptor ? ROOT_STRONG : kind;
	}
	root.high = map->high;
	add(roots, root);
}

static struct root root_of(const struct map *map, enum map_kind kind,
			   enum root_how how)
{
	return (struct root){
		.kind = kind == MAP_FOREIGN || kind == MAP_OF_HEAP
				? ROOT_FOREIGN
				: ROOT_STRONG,
		.how = how,
		.code = map->code && !map->file && kind == MAP_FOREIGN,
	};
}

int roots_add_map(struct roots *out, const struct map *map, enum map_kind kind,
		  enum root_how how)
{
	uint32_t at = 0;

	add_map(out, map, root_of(map, kind, how), &at);
	return cuts.failed;
}

/* Overlapping cuts become one, so that their bounds rise together. */
static void join_cuts(void)
{
	uint32_t i, to = 0;

	for (i = 1; i < cuts.n; i++) {
		struct cut *last = &cuts.list[to];

		if (cuts.list[i].low < last->high) {
			if (cuts.list[i].high > last->high)
				last->high = cuts.list[i].high;
			last->descriptor |= cuts.list[i].descriptor;
		} else {
			cuts.list[++to] = cuts.list[i];
		}
	}
	cuts.n = cuts.n ? to + 1 : 0;
}

int roots_find(const struct snapshot *snapshot, const struct maps *maps,
	       struct roots *out)
{
	uint32_t i, at = 0, n;

	park_list(&n);
	memset(out, 0, sizeof *out);
	out->stack_block = arena_map((n + 2) * sizeof *out->stack_block);
	if (!out->stack_block)
		return -ENOMEM;
	nptl_begin(maps);
	cut_ours();
	cut_kept(out);
	cut_ranges(&ranges_allocator);
	for (i = 0; i < ranges_ended.n; i++)
		cut_ended(maps, ranges_ended.list[i].low,
			  ranges_ended.list[i].high);
	if (real_is_glibc)
		glibc_cut(maps, cut, NULL);
	add_threads(out, maps, snapshot);
	add_known(out, maps);
	sort_cuts();
	join_cuts();
	for (i = 0; i < maps->n; i++) {
		const struct map *map = &maps->list[i];
		enum root_how how = map->shared ? ROOT_SHARED : ROOT_PRIVATE;

		if (map->kind != MAP_NO_ROOT)
			add_map(out, map, root_of(map, map->kind, how), &at);
	}
	return cuts.failed;
}
