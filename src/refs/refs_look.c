/*
 * Reads the shadow graph: for the snapshot child, in which the graph is frozen
 * and no latch counts, and for the few questions of a running program.
 */
#include <string.h>
#include "base/large.h"
#include "base/lock.h"
#include "base/names.h"
#include "base/probe.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "refs/refs.h"
#include "refs/refs_table.h"

#define FIELDS_MAX 256

/* Where the objects of a type keep their own count. */
static struct field {
	const char *type; /* interned */
	size_t offset, size;
} fields[FIELDS_MAX] LARGE;
static uint32_t fields_n;

static struct field *field_of(const char *type)
{
	uint32_t i, n = __atomic_load_n(&fields_n, __ATOMIC_ACQUIRE);

	for (i = 0; type && i < n; i++)
		if (fields[i].type == type)
			return &fields[i];
	return NULL;
}

/* A second one for the same type replaces the first. */
void refs_count_field(const char *type, size_t offset, size_t size)
{
	const char *name = name_intern(type);
	struct field *field;

	if (!name || !size || size > 8 || (size & (size - 1)))
		return;
	lock_take(&refs_lock);
	field = field_of(name);
	if (!field && fields_n < FIELDS_MAX) {
		field = &fields[fields_n];
		field->type = name;
	}
	if (field) {
		field->offset = offset;
		field->size = size;
	}
	if (field == &fields[fields_n])
		__atomic_store_n(&fields_n, fields_n + 1, __ATOMIC_RELEASE);
	lock_drop(&refs_lock);
}

/* A count of all ones is -1: no number of references. */
static int64_t read_count(uintptr_t at, size_t size)
{
	int64_t count = 0;

	memcpy(&count, (const void *)at, size);
	if (size < 8 && count == (1ll << 8 * size) - 1)
		return 0;
	return count < 0 ? 0 : count;
}

/* Another type of that name may be smaller, and a pool's memory may be
 * gone. The last page that could be read is remembered, since only one
 * thread asks. */
static bool can_read(const struct ref_object *object, uintptr_t at, size_t size)
{
	static uintptr_t readable;
	struct heap_entry entry;

	if (object->block && (!heap_find((const void *)object->at, &entry) ||
			      at - entry.address + size > entry.size))
		return false;
	if (at / 4096 == readable && (at + size - 1) / 4096 == readable)
		return true;
	if (!probe_readable(at) || !probe_readable(at + size - 1))
		return false;
	readable = (at + size - 1) / 4096;
	return true;
}

bool refs_has_field(const struct ref_object *object)
{
	return field_of(object->type) != NULL;
}

int64_t refs_count(const struct ref_object *object)
{
	const struct field *field = field_of(object->type);
	uintptr_t at;

	if (!field)
		return object->count;
	at = object->at + field->offset;
	return can_read(object, at, field->size) ? read_count(at, field->size)
						 : object->count;
}

const struct ref_object *refs_find(uintptr_t p)
{
	struct ref_shard *shard = shard_take(p);
	const struct ref_object *object;

	if (!shard)
		return NULL;
	object = table_find(shard, REFS_OBJECTS, p);
	shard_drop(shard);
	return object;
}

bool refs_is_known(uintptr_t p)
{
	return refs_find(p) != NULL;
}

/* A link to an object that has been freed is none, also when another object
 * has its address now. */
static bool link_is_stale(const struct ref_slot *slot)
{
	const struct ref_object *target = refs_find(slot->target);

	return !target || target->born > slot->time;
}

/* The slot was named when its owner was another object. */
static bool owner_is_another(const struct ref_slot *slot)
{
	const struct ref_object *owner = refs_find(slot->owner);

	return owner && owner->again > slot->time;
}

static struct ref_slot *slot_look(struct ref_slot *slot)
{
	if (slot && slot->flags && owner_is_another(slot)) {
		slot->flags = 0; /* our own copy */
		slot->target = 0;
	}
	if (slot && slot->flags & SLOT_LINK && link_is_stale(slot)) {
		slot->flags &= ~(uint32_t)SLOT_LINK; /* our own copy */
		slot->target = 0;
	}
	return slot && (slot->flags || slot->clear) ? slot : NULL;
}

const struct ref_slot *refs_slot_at(uintptr_t at)
{
	struct ref_shard *shard = shard_take(at);
	struct ref_slot *slot;

	if (!shard)
		return NULL;
	slot = table_find(shard, REFS_SLOTS, at);
	shard_drop(shard);
	return slot_look(slot);
}

typedef void record_fn(struct ref_node *node, void *visit, void *data);

static void visit_all(enum refs_kind kind, record_fn *each, void *visit,
		      void *data)
{
	uint32_t i, k, n;
	struct ref_shard *shards = shards_all(&n);
	struct ref_node *node;

	for (i = 0; i < n; i++) {
		const struct ref_table *table = &shards[i].table[kind];

		for (k = 0; k < table->size; k++)
			for (node = table->bucket[k]; node; node = node->next)
				each(node, visit, data);
	}
}

static void each_object(struct ref_node *node, void *visit, void *data)
{
	(*(refs_object_fn **)visit)((struct ref_object *)node, data);
}

static void each_slot(struct ref_node *node, void *visit, void *data)
{
	struct ref_slot *slot = slot_look((struct ref_slot *)node);

	if (slot)
		(*(refs_slot_fn **)visit)(slot, data);
}

void refs_objects(refs_object_fn *visit, void *data)
{
	visit_all(REFS_OBJECTS, each_object, &visit, data);
}

void refs_slots(refs_slot_fn *visit, void *data)
{
	visit_all(REFS_SLOTS, each_slot, &visit, data);
}

uint32_t refs_objects_n(void)
{
	uint32_t i, n, sum = 0;
	const struct ref_shard *shards = shards_all(&n);

	for (i = 0; i < n; i++)
		sum += shards[i].table[REFS_OBJECTS].n;
	return sum;
}
