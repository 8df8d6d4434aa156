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
#include "bootstrap.h"
#include "holes.h"
#include "list.h"
#include "maps.h"
#include "nptl.h"
#include "park.h"
#include "range.h"
#include "real.h"
#include "roots.h"
#include "roots_thread.h"
#include "starts.h"
#include "stopped.h"

static int failed;

static void cut(uintptr_t low, uintptr_t high, void *unused)
{
	(void)unused;
	holes_add((struct hole){low, high, false});
}

static void add(struct roots *roots, struct root root)
{
	struct list list = {roots->list, roots->n, roots->room};

	if (root.low < root.high && !list_add(&list, &root, sizeof root))
		failed = -ENOMEM;
	roots->list = list.list;
	roots->n = list.n;
	roots->room = list.room;
}

void roots_add(struct roots *roots, uintptr_t low, uintptr_t high,
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

static void cut_ranges(const struct ranges *set)
{
	uint32_t i;

	for (i = 0; i < set->n; i++)
		cut(set->list[i].low, set->list[i].high, NULL);
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
	cut_ranges(&ranges_ours);
}

/* The vector of its modules' storage: a pointer into its block, also where
 * libc made the thread for itself (timers, aio), past our hooks. */
static void add_dtv(struct roots *roots, uintptr_t descriptor)
{
	roots_add(roots, descriptor + 8, descriptor + 16, ROOT_STRONG);
}

/* Who joined a thread has its result; nobody has its argument. */
static void add_descriptors(struct roots *roots)
{
	uintptr_t descriptor;
	bool ended;
	uint32_t i;

	for (i = 0; (descriptor = nptl_kept(i, &ended)); i++) {
		if (ended)
			cut(descriptor, descriptor + nptl_size(), NULL);
		add_dtv(roots, descriptor); /* for the next thread, too */
	}
	for (i = 0; (descriptor = nptl_used(i)); i++)
		add_dtv(roots, descriptor);
}

static void add_known(struct roots *roots)
{
	uintptr_t low, high;
	uint32_t i;

	starts_range(&low, &high);
	roots_add(roots, low, high, ROOT_STRONG);
	for (i = 0; bootstrap_range(i, &low, &high); i++)
		roots_add(roots, low, high, ROOT_STRONG);
	for (i = 0; i < ranges_root.n; i++)
		roots_add(roots, ranges_root.list[i].low,
			  ranges_root.list[i].high, ROOT_STRONG);
}

/* What is left of one mapping; *at is the first hole that may reach it. */
static void add_map(struct roots *roots, const struct map *map,
		    struct root root, uint32_t *at)
{
	enum root_kind kind = root.kind;
	uint32_t i, n;
	const struct hole *hole = holes_list(&n);

	root.low = map->low;
	while (*at < n && hole[*at].high <= map->low)
		++*at;
	for (i = *at; i < n && hole[i].low < map->high; i++) {
		if (hole[i].high <= root.low)
			continue;
		root.high = hole[i].low;
		add(roots, root);
		root.low = hole[i].high;
		root.kind = hole[i].descriptor ? ROOT_STRONG : kind;
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
	return failed;
}

int roots_find(const struct stopped *self, void *const *alternate,
	       const struct maps *maps, struct roots *out)
{
	uint32_t i, at = 0, n;
	int err;

	park_list(&n);
	memset(out, 0, sizeof *out);
	out->stack_block = arena_map((n + 2) * sizeof *out->stack_block);
	if (!out->stack_block)
		return -ENOMEM;
	nptl_begin(maps);
	cut_ours();
	add_descriptors(out);
	cut_ranges(&ranges_allocator);
	if (real_is_glibc)
		glibc_cut(maps, cut, NULL);
	roots_add_threads(out, maps, self);
	roots_add(out, (uintptr_t)alternate, (uintptr_t)(alternate + 1),
		  ROOT_STRONG);
	add_known(out);
	err = holes_sort();
	if (err)
		return err;
	for (i = 0; i < maps->n; i++) {
		const struct map *map = &maps->list[i];
		enum root_how how = map->shared ? ROOT_SHARED : ROOT_PRIVATE;

		if (map->kind != MAP_NO_ROOT)
			add_map(out, map, root_of(map, map->kind, how), &at);
	}
	return failed;
}
