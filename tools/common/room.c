/*
 * See room.h.
 */
#include <stdlib.h>

#include "common/die.h"
#include "common/room.h"

#define ROOM_FIRST 256

void *room_for(void *list, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return list;
	*room = *room ? *room * 3 / 2 : ROOM_FIRST;
	list = realloc(list, *room * size);
	if (!list)
		die(STATUS_FAILED, "out of memory");
	return list;
}
