/*
 * See refs_table.h. Chained hash tables that double when full. The upper bits
 * of an address' hash choose the shard, the lower bits the bucket.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/lock.h"
#include "base/names.h"
#include "heap/overflow.h"
#include "refs/refs.h"
#include "refs/refs_table.h"

#define SHARD_BITS 12
#define SHARDS (1u << SHARD_BITS)
#define PIECE 2048 /* bytes that a shard takes at a time */
#define BUCKETS_MIN 16

static const size_t sizes[REFS_KINDS] = {sizeof(struct ref_object),
					 sizeof(struct ref_slot),
					 sizeof(struct ref_block)};

static struct ref_shard *shards;
static struct arena arena; /* under the lock */
static struct lock lock = LOCK_INIT(LOCK_RECORDS);

static bool stopped;

struct lock refs_lock = LOCK_INIT(LOCK_REFS);

int refs_init(void)
{
	if (__builtin_expect(shards != NULL, 1))
		return 0;
	if (stopped)
		return -ENOMEM;
	lock_take(&refs_lock); /* not while a thread forks */
	if (!shards)
		__atomic_store_n(&shards, arena_map(SHARDS * sizeof *shards),
				 __ATOMIC_RELEASE);
	lock_drop(&refs_lock);
	return shards ? 0 : -ENOMEM;
}

void refs_stop(void)
{
	stopped = true;
	shards = NULL;
}

struct ref_shard *shards_all(uint32_t *n)
{
	*n = shards ? SHARDS : 0;
	return shards;
}

static inline uint64_t hash(uintptr_t at)
{
	return (at >> 3) * 0x9e3779b97f4a7c15u;
}

struct ref_shard *shard_take(uintptr_t at)
{
	struct ref_shard *shard;

	if (__builtin_expect(!shards, 0))
		return NULL;
	shard = &shards[hash(at) >> (64 - SHARD_BITS)];
	return latch_take(&shard->latch) ? shard : NULL;
}

void shard_drop(struct ref_shard *shard)
{
	latch_drop(&shard->latch);
}

void *shard_alloc(struct ref_shard *shard, size_t bytes)
{
	size_t room = bytes > PIECE / 4 ? bytes : PIECE;
	char *got = shard->piece;

	bytes = (bytes + 15) & ~15ul;
	if (bytes <= (size_t)(shard->piece_end - got)) {
		shard->piece += bytes;
		return got;
	}
	lock_take(&lock);
	got = arena_alloc(&arena, room);
	lock_drop(&lock);
	if (!got && overflow_lost) /* a lost count could make a false finding */
		overflow_lost();
	if (got && room == PIECE) {
		shard->piece = got + bytes;
		shard->piece_end = got + PIECE;
	}
	return got;
}

static struct ref_node **bucket_of(const struct ref_table *table, uintptr_t at)
{
	return &table->bucket[hash(at) >> 24 & (table->size - 1)];
}

void *table_find(const struct ref_shard *shard, enum refs_kind kind,
		 uintptr_t at)
{
	const struct ref_table *table = &shard->table[kind];
	struct ref_node *node;

	if (__builtin_expect(!table->size, 0))
		return NULL;
	for (node = *bucket_of(table, at); node; node = node->next)
		if (node->at == at)
			return node;
	return NULL;
}

/* The old buckets' memory is lost: at most as much as that of the new ones. */
static bool table_grow(struct ref_shard *shard, struct ref_table *table)
{
	struct ref_table old = *table;
	uint32_t i, size = old.size ? old.size * 2 : BUCKETS_MIN;
	struct ref_node *node, *next;

	table->bucket = shard_alloc(shard, size * sizeof *table->bucket);
	if (!table->bucket) {
		*table = old;
		return old.size;
	}
	table->size = size;
	for (i = 0; i < old.size; i++) {
		for (node = old.bucket[i]; node; node = next) {
			struct ref_node **to = bucket_of(table, node->at);

			next = node->next;
			node->next = *to;
			*to = node;
		}
	}
	return true;
}

static bool table_link(struct ref_shard *shard, enum refs_kind kind,
		       struct ref_node *node)
{
	struct ref_table *table = &shard->table[kind];
	struct ref_node **bucket;

	if (table->n >= table->size && !table_grow(shard, table))
		return false;
	bucket = bucket_of(table, node->at);
	node->next = *bucket;
	__atomic_store_n(bucket, node, __ATOMIC_RELEASE);
	table->n++;
	return true;
}

void *table_make(struct ref_shard *shard, enum refs_kind kind, uintptr_t at)
{
	struct ref_table *table = &shard->table[kind];
	struct ref_node *node = table->unused;

	if (node)
		table->unused = node->next;
	else
		node = shard_alloc(shard, sizes[kind]);
	if (!node)
		return NULL;
	memset(node, 0, sizes[kind]);
	node->at = at;
	if (table_link(shard, kind, node))
		return node;
	table_recycle(shard, kind, node);
	return NULL;
}

bool table_insert(struct ref_shard *shard, enum refs_kind kind, void *record)
{
	struct ref_node *node = record;

	return !table_find(shard, kind, node->at) &&
	       table_link(shard, kind, node);
}

void table_remove(struct ref_shard *shard, enum refs_kind kind, void *record)
{
	struct ref_table *table = &shard->table[kind];
	struct ref_node *node = record, **at;

	if (!table->size)
		return;
	for (at = bucket_of(table, node->at); *at; at = &(*at)->next) {
		if (*at != node)
			continue;
		*at = node->next;
		table->n--;
		return;
	}
}

void table_recycle(struct ref_shard *shard, enum refs_kind kind, void *record)
{
	struct ref_node *node = record;

	node->next = shard->table[kind].unused;
	shard->table[kind].unused = node;
}

/* In order. No other thread holds two. */
void refs_fork_prepare(void)
{
	uint32_t i;

	names_fork_prepare();
	lock_take(&refs_lock);
	for (i = 0; shards && i < SHARDS; i++)
		(void)!latch_take(&shards[i].latch);
	lock_take(&lock);
}

void refs_fork_done(void)
{
	uint32_t i;

	lock_drop(&lock);
	for (i = 0; shards && i < SHARDS; i++)
		latch_drop(&shards[i].latch);
	lock_drop(&refs_lock);
	names_fork_done();
}

void refs_forked(void)
{
	latch_forked();
}
