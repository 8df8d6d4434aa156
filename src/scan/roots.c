/*
 * See roots.h. Roots are ranges, not mappings: the kernel joins neighbours into
 * one line. From what is mapped and may hold pointers, we cut what is known to
 * be something else: our own memory, allocators' memory, stacks below their
 * pointer and those of ended threads. Blocks are left out while a root is read.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include <link.h>
#include <string.h>
#include "base/arena.h"
#include "base/pages.h"
#include "heap/bootstrap.h"
#include "heap/range.h"
#include "process/park.h"
#include "process/real.h"
#include "process/starts.h"
#include "process/stopped.h"
#include "scan/glibc.h"
#include "scan/holes.h"
#include "scan/maps.h"
#include "scan/nptl.h"
#include "scan/root.h"
#include "scan/roots.h"
#include "scan/roots_thread.h"

static void cut_ranges(const struct ranges *set)
{
	uint32_t i;

	for (i = 0; i < set->n; i++)
		root_cut(set->list[i].low, set->list[i].high);
}

static void cut_ours(void)
{
	static const char mark;
	struct dl_find_object found;
	uintptr_t low, high;
	unsigned i;

	for (i = 0; pages_range(i, &low, &high); i++)
		root_cut(low, high);
	if (!_dl_find_object((void *)&mark, &found))
		root_cut((uintptr_t)found.dlfo_map_start,
			 (uintptr_t)found.dlfo_map_end);
	cut_ranges(&ranges_ours);
}

/* Adds the dtv, the vector of a thread's storage by module: a pointer into its
 * block. libc may have made the thread for itself (timers, aio), past our
 * hooks. */
static void add_dtv(struct roots *roots, uintptr_t descriptor)
{
	root_add(roots, descriptor + 8, descriptor + 16, ROOT_STRONG);
}

/* The thread that joined another has its result, and nobody has its
 * argument. */
static void add_descriptors(struct roots *roots)
{
	uintptr_t descriptor;
	bool ended;
	uint32_t i;

	for (i = 0; (descriptor = nptl_kept(i, &ended)); i++) {
		if (ended)
			root_cut(descriptor, descriptor + nptl_size());
		add_dtv(roots, descriptor); /* it is for the next thread, too */
	}
	for (i = 0; (descriptor = nptl_used(i)); i++)
		add_dtv(roots, descriptor);
}

static void add_known(struct roots *roots)
{
	uintptr_t low, high;
	uint32_t i;

	starts_range(&low, &high);
	root_add(roots, low, high, ROOT_STRONG);
	for (i = 0; bootstrap_range(i, &low, &high); i++)
		root_add(roots, low, high, ROOT_STRONG);
	for (i = 0; i < ranges_root.n; i++)
		root_add(roots, ranges_root.list[i].low,
			 ranges_root.list[i].high, ROOT_STRONG);
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
		glibc_cut(maps, root_cut);
	roots_add_threads(out, maps, self);
	root_add(out, (uintptr_t)alternate, (uintptr_t)(alternate + 1),
		 ROOT_STRONG);
	add_known(out);
	err = holes_sort();
	if (err)
		return err;
	for (i = 0; i < maps->n; i++) {
		const struct map *map = &maps->list[i];
		enum root_how how = map->shared ? ROOT_SHARED : ROOT_PRIVATE;

		if (map->kind != MAP_NO_ROOT)
			root_add_map(out, map, map->kind, how, &at);
	}
	return root_failed();
}
