/*
 * See ids.h.
 */
#include <stdlib.h>

#include "common/die.h"
#include "heap/ids.h"

/* The place of the id, perhaps still free. */
static uint32_t *place_of(const struct ids *ids, uint32_t id)
{
	uint64_t at = id & (ids->room - 1);

	while (ids->list[at] && ids->list[at] != id)
		at = (at + 1) & (ids->room - 1);
	return &ids->list[at];
}

static void grow(struct ids *ids)
{
	struct ids old = *ids;
	uint64_t i;

	ids->room = old.room ? 2 * old.room : 4096;
	ids->list = calloc(ids->room, sizeof(*ids->list));
	if (!ids->list)
		die(STATUS_FAILED, "out of memory");
	for (i = 0; i < old.room; i++)
		if (old.list[i])
			*place_of(ids, old.list[i]) = old.list[i];
	free(old.list);
}

uint32_t ids_take(struct ids *ids, uint32_t id)
{
	if (2 * ids->n >= ids->room)
		grow(ids);
	id = id < IDS_LEAST ? IDS_LEAST : id;
	while (*place_of(ids, id))
		id = id == UINT32_MAX ? IDS_LEAST : id + 1;
	*place_of(ids, id) = id;
	ids->n++;
	return id;
}

void ids_free(struct ids *ids)
{
	free(ids->list);
}
