/*
 * See census.h. The entries stand in a list, their numbers in a hash table with
 * open addressing. So it is cleared in as many steps as it has entries,
 * however large it once was.
 *
 * Runs in the snapshot child. No locks.
 */
#include "base/arena.h"
#include "base/list.h"
#include "graph/census.h"

#define TABLE_FIRST 1024u

/* The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

uint64_t census_key(uint64_t a, uint64_t b, uint64_t c)
{
	return mix(mix(mix(a) ^ b) ^ c);
}

static struct census_entry *entry(const struct census *census, uint32_t number)
{
	return (struct census_entry *)census->entries.list + number - 1;
}

/* Where the key's number stands, or is to stand. */
static uint32_t place_of(const struct census *census, uint64_t key)
{
	uint32_t at = (uint32_t)key & (census->size - 1);

	while (census->table[at] &&
	       entry(census, census->table[at])->key != key)
		at = (at + 1) & (census->size - 1);
	return at;
}

static bool table_grow(struct census *census)
{
	uint32_t size = census->size ? 2 * census->size : TABLE_FIRST, i;
	uint32_t *table = arena_map(size * sizeof(*table));

	if (!table)
		return false;
	arena_unmap(census->table, census->size * sizeof(*table));
	census->table = table;
	census->size = size;
	for (i = 1; i <= census->entries.n; i++) {
		struct census_entry *e = entry(census, i);

		e->place = place_of(census, e->key);
		table[e->place] = i;
	}
	return true;
}

void census_count(struct census *census, uint64_t key, uint32_t most)
{
	struct census_entry new = {.key = key, .n = 1};

	if (census->entries.n * 2 >= census->size && !table_grow(census)) {
		census->failed = true;
		return;
	}
	new.place = place_of(census, key);
	if (census->table[new.place])
		entry(census, census->table[new.place])->n++;
	else if (census->entries.n == most)
		return;
	else if (!list_add(&census->entries, &new, sizeof(new)))
		census->failed = true;
	else
		census->table[new.place] = census->entries.n;
}

uint32_t census_of(const struct census *census, uint64_t key)
{
	uint32_t number;

	if (!census->size)
		return 0;
	number = census->table[place_of(census, key)];
	return number ? entry(census, number)->n : 0;
}

void census_clear(struct census *census)
{
	uint32_t i;

	for (i = 1; i <= census->entries.n; i++)
		census->table[entry(census, i)->place] = 0;
	census->entries.n = 0;
}

void census_free(struct census *census)
{
	arena_unmap(census->table, census->size * sizeof(*census->table));
	list_free(&census->entries, sizeof(struct census_entry));
	*census = (struct census){0};
}
