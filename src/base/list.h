/*
 * A list that grows, in pages of its own. Snapshot child only. It moves when it
 * grows, so no pointer into it lasts.
 */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "base/arena.h"

/* Up to this size a list doubles. Beyond it, little room is to stay unused. */
#define LIST_SMALL (256u << 10)

struct list {
	void *list;
	uint32_t n, room;
};

/* Room for n more of that size; false when memory is short. */
static inline bool list_room(struct list *list, uint32_t n, size_t size)
{
	uint64_t room = list->room ? list->room : 4096 / size;
	void *more;

	if (list->n + (uint64_t)n <= list->room)
		return true;
	while (room < list->n + (uint64_t)n)
		room += room * size < LIST_SMALL ? room : room / 8;
	if (room > UINT32_MAX)
		return false;
	more = arena_resize(list->list, list->room * size, room * size);
	if (!more)
		return false;
	list->list = more;
	list->room = room;
	return true;
}

/* Gives back the whole list, or its unused room. */
static inline void list_free(struct list *list, size_t size)
{
	arena_unmap(list->list, list->room * size);
	*list = (struct list){0};
}

static inline void list_trim(struct list *list, size_t size)
{
	void *less = list->n ? arena_resize(list->list, list->room * size,
					    list->n * size)
			     : NULL;

	if (!less)
		return;
	list->list = less;
	list->room = list->n;
}

static inline bool list_add(struct list *list, const void *item, size_t size)
{
	if (!list_room(list, 1, size))
		return false;
	memcpy((char *)list->list + list->n++ * size, item, size);
	return true;
}

/* Whether a list of addresses, in their order, has that one. */
static inline bool list_has_address(const struct list *list, uintptr_t address)
{
	const uintptr_t *all = list->list;
	uint32_t low = 0, high = list->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (all[middle] == address)
			return true;
		if (all[middle] < address)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

#endif
