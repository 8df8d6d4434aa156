/*
 * A list that grows, in pages of its own; snapshot child only. It moves when
 * it grows: no pointer into it lasts.
 */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "arena.h"

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
		room *= 2;
	if (room > UINT32_MAX)
		return false;
	more = arena_resize(list->list, list->room * size, room * size);
	if (!more)
		return false;
	list->list = more;
	list->room = room;
	return true;
}

static inline bool list_add(struct list *list, const void *item, size_t size)
{
	if (!list_room(list, 1, size))
		return false;
	memcpy((char *)list->list + list->n++ * size, item, size);
	return true;
}

#endif
