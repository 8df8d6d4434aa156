/*
 * See roots_thread.h. A stack is a root from its pointer on. Words below it are
 * stale, and so are those of an ended thread.
 *
 * Snapshot child only.
 */
#include "heap/range.h"
#include "process/altstack.h"
#include "process/outside.h"
#include "process/park.h"
#include "process/pid.h"
#include "process/stop.h"
#include "process/stopped.h"
#include "process/thread.h"
#include "scan/blocks.h"
#include "scan/holes.h"
#include "scan/maps.h"
#include "scan/nptl.h"
#include "scan/root.h"
#include "scan/roots_thread.h"

/* A stack right behind a module looks like the module's bss. There libc's
 * answer decides. */
static bool may_be_stack(const struct map *map, enum nptl_state state)
{
	return !map->file &&
	       (map->kind == MAP_FOREIGN || state != NPTL_UNKNOWN);
}

/* Cuts the stack of an ended thread, but not what has come in its place since
 * libc gave it back: the loader maps modules there, past our hooks. */
static void cut_ended(const struct maps *maps, uintptr_t low, uintptr_t high)
{
	const struct map *map, *end = maps->list + maps->n;
	enum nptl_state state = nptl_state(high);

	if (state == NPTL_GONE)
		return;
	for (map = maps_from(maps, low); map < end && map->low < high; map++)
		if (may_be_stack(map, state))
			holes_add((struct hole){
				map->low > low ? map->low : low,
				map->high < high ? map->high : high,
				map->high >= high,
			});
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

/* A stack inside a block. The block is live. What is around the stack in it is
 * read, what is below sp is not. */
static void add_stack_block(struct roots *roots, uintptr_t block, uintptr_t low,
			    uintptr_t high)
{
	roots->stack_block[roots->stack_blocks++] = block;
	if (block < low)
		root_add(roots, block, low, ROOT_STRONG);
	if (high < block + blocks_size(block))
		root_add(roots, high, block + blocks_size(block), ROOT_STRONG);
}

/* A thread on a stack of which nobody told us (of a fiber, an alternate stack,
 * one made by clone): up to the end of its block or mapping. */
static void add_unknown_stack(struct roots *roots, const struct maps *maps,
			      uintptr_t sp)
{
	uintptr_t block = blocks_find(sp);
	const struct map *map = maps_find(maps, sp);

	if (block != BLOCK_NONE) {
		uintptr_t high = block + blocks_size(block);

		root_add(roots, sp, high, ROOT_STRONG);
		add_stack_block(roots, block, block, high);
	} else if (map) {
		root_add(roots, sp, map->high, ROOT_STRONG);
		if (map->kind == MAP_FOREIGN)
			root_add(roots, map->low, sp, ROOT_STALE);
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
	/* the first thread's stack: as far as it is mapped */
	map = maps_find(maps, t->stack_high - 8);
	if (map) {
		*low = map->low;
		*high = map->high;
	}
}

/* Adds a stack. Of the first thread's, it leaves out what libc has there
 * outside of main: stale words, of which an int has overwritten a half, in the
 * end lead into any large block. */
static void add_stack(struct roots *roots, uintptr_t low, uintptr_t high)
{
	uintptr_t from, to;

	outside_main(&from, &to);
	if (low <= from && from < to && to <= high) {
		root_add(roots, low, from, ROOT_STRONG);
		root_cut(from, to);
		low = to;
	}
	root_add(roots, low, high, ROOT_STRONG);
}

static void add_thread(struct roots *roots, const struct maps *maps,
		       const struct stopped *s)
{
	const struct thread *t = thread_of(s->tid);
	uintptr_t low, high, block;

	thread_bounds(t, maps, &low, &high);
	root_add(roots, s->regs_low, s->regs_high, ROOT_STRONG);
	root_add(roots, s->ext_low, s->ext_high, ROOT_STRONG);
	if (s->sp < low || s->sp >= high) {
		/* its own stack waits, we do not know from where on */
		add_stack(roots, low, high);
		if (t && altstack_has(t->signal_stack, s->sp))
			root_add(roots, s->sp,
				 (uintptr_t)t->signal_stack + ALTSTACK_SIZE,
				 ROOT_STRONG);
		else
			add_unknown_stack(roots, maps, s->sp);
		return;
	}
	add_stack(roots, s->sp, high);
	root_cut(low, s->sp);
	block = blocks_find(s->sp);
	if (block != BLOCK_NONE)
		add_stack_block(roots, block, low, high);
}

/* Adds threads that exist but did not stop, and looks at records of ended
 * ones. */
static void add_others(struct roots *roots, const struct maps *maps,
		       int32_t self)
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
		if (done || t->tid == self)
			continue;
		thread_bounds(t, maps, &low, &high);
		if (live) {
			root_add(roots, low, high, ROOT_STRONG);
		} else if (!t->start_frame && high) {
			root_cut(low, (uintptr_t)__libc_stack_end);
			root_add(roots, (uintptr_t)__libc_stack_end, high,
				 ROOT_STRONG);
		} else if (!t->own_stack && high) {
			cut_ended(maps, low, t->descriptor);
		}
	}
}

/* Where glibc does not tell: of the thread pointer, variables; the
 * descriptor. */
#define TLS_BELOW (256ul << 10)
#define TLS_ABOVE 4096ul

/* Adds what lies between the blocks. */
static void add_beside_blocks(struct roots *roots, uintptr_t low,
			      uintptr_t high)
{
	uintptr_t block = blocks_from(low), end;

	for (; block != BLOCK_NONE && block < high;
	     block = blocks_from(block + 1)) {
		if (block > low)
			root_add(roots, low, block, ROOT_STRONG);
		end = (block + blocks_size(block) + 7) & -8ul;
		low = end > low ? end : low;
	}
	if (low < high)
		root_add(roots, low, high, ROOT_STRONG);
}

/* The first thread's thread-local storage is in a mapping of the loader's.
 * Interior pointers count there as in any variable. What the program maps just
 * beside is the same mapping to Linux, and may hold blocks of pools. */
static void add_first_tls(struct roots *roots, const struct maps *maps,
			  uintptr_t pointer)
{
	const struct map *map = maps_find(maps, pointer);
	size_t below = nptl_below(), size = nptl_size();
	uintptr_t low = pointer - (below ? below : TLS_BELOW);
	uintptr_t high = pointer + (size ? size : TLS_ABOVE);

	if (!map || map->kind != MAP_FOREIGN || map->file)
		return;
	low = low < map->low ? map->low : low;
	high = high > map->high ? map->high : high;
	add_beside_blocks(roots, low, high);
}

/* Adds what our own records of threads hold for the program. */
static void add_records(struct roots *roots)
{
	const struct thread *t;

	for (t = thread_first(); t; t = t->next) {
		if (!t->tid)
			continue;
		if (may_need_argument(t))
			root_add(roots, (uintptr_t)&t->arg,
				 (uintptr_t)(&t->arg + 1), ROOT_STRONG);
		root_add(roots, (uintptr_t)&t->program_stack,
			 (uintptr_t)(&t->program_stack + 1), ROOT_STRONG);
	}
}

void roots_add_threads(struct roots *roots, const struct maps *maps,
		       const struct stopped *self)
{
	const struct thread *t;
	uint32_t i, n;
	const struct stopped *list = park_list(&n);

	for (i = 0; i < ranges_ended.n; i++)
		cut_ended(maps, ranges_ended.list[i].low,
			  ranges_ended.list[i].high);
	add_thread(roots, maps, self);
	for (i = 0; i < n; i++)
		add_thread(roots, maps, &list[i]);
	add_others(roots, maps, self->tid);
	add_records(roots);
	t = thread_of(pid_own());
	if (t)
		add_first_tls(roots, maps, t->descriptor);
}
