/* See root.h. */
#include <errno.h>
#include "base/list.h"
#include "scan/holes.h"
#include "scan/maps.h"
#include "scan/root.h"

static int failed;

void root_cut(uintptr_t low, uintptr_t high)
{
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

void root_add(struct roots *roots, uintptr_t low, uintptr_t high,
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
	root_cut(low, high);
}

/* Adds what is left of one mapping. *at is the first hole that may reach it. */
static void add_rest(struct roots *roots, const struct map *map,
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

void root_add_map(struct roots *roots, const struct map *map,
		  enum map_kind kind, enum root_how how, uint32_t *at)
{
	add_rest(roots, map, root_of(map, kind, how), at);
}

int root_failed(void)
{
	return failed;
}
