/*
 * See overflow.h. Open addressing. An entry that was taken out keeps its place
 * until the table grows.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/likely.h"
#include "base/lock.h"
#include "base/sort.h"
#include "heap/heap_word.h"
#include "heap/overflow.h"

#define DELETED 1 /* an address; 0 is free */
#define SIZE_MIN 1024

struct odd {
	struct heap_entry entry;
	bool alone;
};

static struct lock lock = LOCK_INIT(LOCK_HEAP);
static struct odd *odd;
static uint32_t size, used;

void (*overflow_lost)(void);

static uint32_t slot_of(uintptr_t address)
{
	uint32_t at = address * 0x9e3779b97f4a7c15u >> 33;

	for (;; at++) {
		at &= size - 1;
		if (odd[at].entry.address == address || !odd[at].entry.address)
			return at;
	}
}

/* The entry of an address, or NULL. With the lock held. */
static struct odd *look_up(uintptr_t address)
{
	struct odd *there = size ? &odd[slot_of(address)] : NULL;

	return there && there->entry.address ? there : NULL;
}

static bool grow(void)
{
	struct odd *old = odd;
	uint32_t old_size = size, i;
	struct odd *fresh = arena_map((old_size ? old_size * 2ul : SIZE_MIN) *
				      sizeof *fresh);

	if (!fresh)
		return false;
	odd = fresh;
	size = old_size ? old_size * 2 : SIZE_MIN;
	used = 0;
	for (i = 0; i < old_size; i++) {
		if (old[i].entry.address <= DELETED)
			continue;
		odd[slot_of(old[i].entry.address)] = old[i];
		used++;
	}
	arena_unmap(old, old_size * sizeof *old);
	return true;
}

void overflow_put(const struct heap_entry *entry, bool alone)
{
	struct odd *to;
	bool has_room;

	lock_take(&lock);
	has_room = used * 2 < size || grow();
	if (has_room) {
		to = &odd[slot_of(entry->address)];
		used += !to->entry.address;
		*to = (struct odd){*entry, alone};
	}
	lock_drop(&lock);
	if (unlikely(!has_room) && overflow_lost)
		overflow_lost();
}

bool overflow_find(uintptr_t address, struct heap_entry *out)
{
	const struct odd *there;

	if (likely(!__atomic_load_n(&size, __ATOMIC_RELAXED)))
		return false;
	lock_take(&lock);
	there = look_up(address);
	if (there)
		*out = there->entry;
	lock_drop(&lock);
	return there;
}

struct heap_word overflow_take(uintptr_t address, size_t *bytes)
{
	struct heap_word word = {0};
	struct odd *there;

	if (likely(!__atomic_load_n(&size, __ATOMIC_RELAXED)))
		return word;
	lock_take(&lock);
	there = look_up(address);
	if (there) {
		word = there->entry.word;
		*bytes = there->entry.size;
		there->entry.address = DELETED;
	}
	lock_drop(&lock);
	return word;
}

static bool is_alone(const struct odd *o)
{
	return o->alone && o->entry.address > DELETED;
}

uintptr_t overflow_within(uintptr_t low, uintptr_t high)
{
	uintptr_t found = 0;
	uint32_t i;

	lock_take(&lock);
	for (i = 0; i < size && !found; i++)
		if (is_alone(&odd[i]) && odd[i].entry.address >= low &&
		    odd[i].entry.address < high)
			found = odd[i].entry.address;
	lock_drop(&lock);
	return found;
}

void overflow_ignore(void)
{
	lock_take(&lock);
	for (uint32_t i = 0; i < size; i++)
		odd[i].entry.word.bits |= HEAP_IGNORED;
	lock_drop(&lock);
}

bool overflow_has(bool (*is)(struct heap_word word))
{
	bool found = false;

	lock_take(&lock);
	for (uint32_t i = 0; i < size && !found; i++)
		found = odd[i].entry.address > DELETED && is(odd[i].entry.word);
	lock_drop(&lock);
	return found;
}

/* items: place and scratch for n of them. */
static void list_fill(struct overflow_list *list, struct item *items)
{
	uint32_t i, n = 0;

	for (i = 0; i < size && n < list->space; i++)
		if (is_alone(&odd[i]))
			items[n++] = (struct item){odd[i].entry.address, i};
	sort_items(items, items + n, n);
	for (i = 0; i < n; i++)
		list->entry[i] = odd[items[i].value].entry;
	list->n = n;
}

int overflow_list(struct overflow_list *list)
{
	struct item *items;
	uint32_t i;

	*list = (struct overflow_list){0};
	lock_take(&lock);
	for (i = 0; i < size; i++)
		list->space += is_alone(&odd[i]);
	lock_drop(&lock);
	if (!list->space)
		return 0;
	list->entry = arena_map(list->space * sizeof *list->entry);
	items = arena_map(2ul * list->space * sizeof *items);
	if (!list->entry || !items) {
		arena_unmap(items, 2ul * list->space * sizeof *items);
		overflow_list_free(list);
		return -ENOMEM;
	}
	lock_take(&lock);
	list_fill(list, items);
	lock_drop(&lock);
	arena_unmap(items, 2ul * list->space * sizeof *items);
	return 0;
}

void overflow_list_free(struct overflow_list *list)
{
	arena_unmap(list->entry, list->space * sizeof *list->entry);
	*list = (struct overflow_list){0};
}

void overflow_stop(bool unmap)
{
	lock_take(&lock);
	if (unmap)
		arena_unmap(odd, size * sizeof *odd);
	__atomic_store_n(&size, 0, __ATOMIC_RELAXED);
	used = 0;
	odd = NULL;
	lock_drop(&lock);
}

void overflow_fork_prepare(void)
{
	lock_take(&lock);
}

void overflow_fork_done(void)
{
	lock_drop(&lock);
}
