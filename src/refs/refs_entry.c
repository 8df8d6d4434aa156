/*
 * See refs_entry.h. An object tells a limited number of stacks apart.
 */
#include "refs/refs.h"
#include "refs/refs_entry.h"
#include "refs/refs_table.h"

#define ENTRIES_MAX 512 /* stacks an object tells apart */
#define SWEEP_MIN 8

/* The entries used last come first, or nearly. */
struct ref_entry *refs_entry_find(struct ref_object *object, uint32_t stack)
{
	struct ref_entry *entry, **at = &object->entries;
	unsigned depth = 0;

	for (; (entry = *at); at = &entry->next, depth++)
		if (entry->stack == stack)
			break;
	if (entry && depth > 3) {
		*at = entry->next;
		entry->next = object->entries;
		object->entries = entry;
	}
	return entry;
}

void refs_entries_sweep(struct ref_shard *shard, struct ref_object *object)
{
	struct ref_entry *entry, **at = &object->entries;

	while ((entry = *at)) {
		if (entry->acquires != entry->releases) {
			at = &entry->next;
			continue;
		}
		*at = entry->next;
		entry->next = shard->unused_entries;
		shard->unused_entries = entry;
		object->entries_n--;
	}
	object->sweep_at = object->entries_n < SWEEP_MIN / 2
				   ? SWEEP_MIN
				   : object->entries_n * 2;
}

static struct ref_entry *entry_make(struct ref_shard *shard,
				    struct ref_object *object, uint32_t stack)
{
	struct ref_entry *entry;

	if (object->entries_n >= object->sweep_at)
		refs_entries_sweep(shard, object);
	entry = shard->unused_entries;
	if (entry)
		shard->unused_entries = entry->next;
	else
		entry = shard_alloc(shard, sizeof *entry);
	if (!entry)
		return NULL;
	*entry = (struct ref_entry){.stack = stack, .next = object->entries};
	object->entries = entry;
	object->entries_n++;
	return entry;
}

/* When an object has too many stacks, the rest are the unknown stack. */
static struct ref_entry *entry_of(struct ref_shard *shard,
				  struct ref_object *object, uint32_t stack)
{
	struct ref_entry *entry = refs_entry_find(object, stack);

	if (!entry && object->entries_n >= ENTRIES_MAX) {
		stack = 0;
		entry = refs_entry_find(object, stack);
	}
	return entry ? entry : entry_make(shard, object, stack);
}

/* When a number is about to overflow, every release takes out any acquire.
 * After four billion of them nobody knows better. */
static void entries_cancel(struct ref_object *object)
{
	struct ref_entry *entry;
	uint64_t released = 0;

	for (entry = object->entries; entry; entry = entry->next) {
		released += entry->releases;
		entry->releases = 0;
	}
	for (entry = object->entries; entry; entry = entry->next) {
		uint32_t out =
			entry->acquires < released ? entry->acquires : released;

		entry->acquires -= out;
		released -= out;
	}
}

void refs_entry_acquire(struct ref_shard *shard, struct ref_object *object,
			uint32_t stack)
{
	struct ref_entry *entry = entry_of(shard, object, stack);

	if (!entry)
		return;
	if (!entry->acquires++)
		entry->first = refs_now();
	if (__builtin_expect(entry->acquires == UINT32_MAX, 0))
		entries_cancel(object);
}

void refs_entry_release(struct ref_shard *shard, struct ref_object *object,
			uint32_t stack)
{
	struct ref_entry *entry = entry_of(shard, object, stack);

	if (!entry)
		return;
	if (++entry->releases == UINT32_MAX)
		entries_cancel(object);
}

bool refs_entry_take_out(struct ref_object *object, uint32_t stack)
{
	struct ref_entry *entry = refs_entry_find(object, stack);

	if (!entry || !entry->acquires)
		return false;
	entry->acquires--;
	return true;
}

void refs_entries_drop(struct ref_shard *shard, struct ref_object *object)
{
	struct ref_entry *last = object->entries;

	if (!last)
		return;
	while (last->next)
		last = last->next;
	last->next = shard->unused_entries;
	shard->unused_entries = object->entries;
	object->entries = NULL;
	object->entries_n = object->sweep_at = 0;
}
