/*
 * See keys.h.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/keys.h"
#include "base/sort.h"

#define FIRST 256u /* room for so many keys */

void keys_settle(struct keys *keys)
{
	uint32_t i, n = 0;

	sort_items(keys->items, keys->scratch, keys->n);
	for (i = 0; i < keys->n; i++) {
		if (!n || keys->items[i].key != keys->items[n - 1].key)
			keys->items[n++] = keys->items[i];
	}
	keys->n = n;
}

/* Doubles the room. The old room stays with the arena. */
static int grow(struct keys *keys, struct arena *arena)
{
	uint32_t space = keys->space ? 2 * keys->space : FIRST;
	struct item *items = arena_array(arena, space, sizeof(*items));
	struct item *scratch = arena_array(arena, space, sizeof(*items));

	if (!items || !scratch)
		return -ENOMEM;
	if (keys->n)
		memcpy(items, keys->items, keys->n * sizeof(*items));
	keys->items = items;
	keys->scratch = scratch;
	keys->space = space;
	return 0;
}

/* Repetitions are dropped when the room is full. So the room grows with the
 * number of distinct keys, not of calls. */
int keys_add(struct keys *keys, struct arena *arena, uint64_t key)
{
	if (keys->n && keys->items[keys->n - 1].key == key)
		return 0;
	if (keys->n == keys->space) {
		if (keys->n)
			keys_settle(keys);
		if (keys->n >= keys->space / 2 && grow(keys, arena))
			return -ENOMEM;
	}
	keys->items[keys->n++].key = key;
	return 0;
}
