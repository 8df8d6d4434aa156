/*
 * See depot_table.h. Open addressing. A slot holds an id and some bits of the
 * hash, so that a look-up reads one line of the table and one node.
 *
 * A table that is three quarters full gets a table of twice its size as `next`.
 * From then on, each thread that adds a node moves a few slots. It puts the id
 * into the next table and marks the slot as moved. The same mark seals an empty
 * slot. A look-up that ends at a sealed slot goes on in the next table, and so
 * does an insertion: a node that was not in this table when its first free slot
 * was sealed can only be in the next one. When all slots are marked, the next
 * table becomes the first. The memory of the old one goes back piece by piece,
 * one with each node that is added: all of it at once would take milliseconds.
 *
 * A thread may still be in the old table, where it then finds zeros. It sees
 * nothing and adds what it looks for. Then it finds that the table has been
 * left, and begins anew.
 */
#include <stddef.h>
#include <sys/mman.h>
#include "base/arena.h"
#include "base/likely.h"
#include "base/sys.h"
#include "stack/depot_node.h"
#include "stack/depot_table.h"

#define BITS_MIN 10
#define BITS_MAX (DEPOT_ID_BITS + 1)
#define MOVED 0x80000000u
#define ID_MASK (DEPOT_IDS - 1)
#define TAG_MASK (MOVED - DEPOT_IDS)
#define MOVE 8 /* slots that are moved at once */
#define HUGE_BYTES (2ul << 20)
#define PIECE HUGE_BYTES /* what is given back at once */

struct table {
	struct table *next, *older;
	uint32_t bits;	 /* log2 of its slots */
	uint32_t cursor; /* some thread has taken the slots before it, ... */
	uint32_t moved;	 /* ... and may not have moved them: this many are */
	bool left;
	uint32_t pieces; /* of the older table, not yet given back */
	uint32_t slot[] __attribute__((aligned(64)));
};

static struct table *first;

static uint32_t slots_of(const struct table *table)
{
	return 1u << table->bits;
}

static size_t bytes_of(uint32_t bits)
{
	return sizeof(struct table) + (sizeof(uint32_t) << bits);
}

/* The table at *place. The first thread that comes makes it. NULL when memory
 * is short. */
static struct table *table_make(struct table **place, uint32_t bits,
				struct table *older)
{
	struct table *none = NULL, *made = arena_map(bytes_of(bits));

	if (!made)
		return __atomic_load_n(place, __ATOMIC_ACQUIRE);
	made->bits = bits;
	made->older = older;
	if (bytes_of(bits) > HUGE_BYTES)
		sys(SYS_madvise, (uintptr_t)made & -4096ul, bytes_of(bits),
		    MADV_HUGEPAGE);
	if (__atomic_compare_exchange_n(place, &none, made, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return made;
	arena_unmap(made, bytes_of(bits));
	return none;
}

static struct table *table_first(void)
{
	struct table *table = __atomic_load_n(&first, __ATOMIC_ACQUIRE);

	return likely(table) ? table : table_make(&first, BITS_MIN, NULL);
}

static struct table *table_next(const struct table *table)
{
	return __atomic_load_n(&table->next, __ATOMIC_ACQUIRE);
}

static uint32_t slot_load(const struct table *table, uint32_t at)
{
	return __atomic_load_n(&table->slot[at], __ATOMIC_ACQUIRE);
}

static uint32_t place_of(const struct table *table, uint64_t hash)
{
	return hash >> (64 - table->bits);
}

/* The bits that are compared before the node itself is read. */
static uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)hash & TAG_MASK;
}

static bool is_node(uint32_t id, uint64_t key, uint32_t parent)
{
	const struct depot_node *node = depot_node(id);

	return depot_node_key(node) == key && node->parent == parent;
}

/* The id. Or 0: *at is the first free slot, or slots_of() when no slot is
 * free. */
static uint32_t table_find(const struct table *table, uint64_t hash,
			   uint64_t key, uint32_t parent, uint32_t *at)
{
	uint32_t mask = slots_of(table) - 1, i, n;

	i = place_of(table, hash);
	for (n = 0; n <= mask; n++, i = (i + 1) & mask) {
		uint32_t entry = slot_load(table, i);

		if (!(entry & ID_MASK)) {
			*at = i;
			return 0;
		}
		if ((entry & TAG_MASK) == tag_of(hash) &&
		    is_node(entry & ID_MASK, key, parent))
			return entry & ID_MASK;
	}
	*at = mask + 1;
	return 0;
}

/* Fills a free slot; false when another thread has filled it. */
static bool slot_fill(struct table *table, uint32_t at, uint32_t entry)
{
	uint32_t none = 0;

	return __atomic_compare_exchange_n(&table->slot[at], &none, entry,
					   false, __ATOMIC_SEQ_CST,
					   __ATOMIC_ACQUIRE);
}

static bool is_left(const struct table *table)
{
	return __atomic_load_n(&table->left, __ATOMIC_SEQ_CST);
}

/* Puts an id of the table before into this one, unless another thread has done
 * so. */
static bool move_id(struct table *to, uint32_t id)
{
	const struct depot_node *node = depot_node(id);
	uint64_t hash = depot_node_hash(depot_node_key(node), node->parent);
	uint32_t mask = slots_of(to) - 1, i = place_of(to, hash), n = 0;

	while (n <= mask) {
		uint32_t entry = slot_load(to, i);

		if ((entry & ID_MASK) == id)
			return true;
		if (!entry && slot_fill(to, i, id | tag_of(hash)))
			return true;
		if (!entry) /* another thread was first: with what? */
			continue;
		i = (i + 1) & mask;
		n++;
	}
	return false;
}

/* 1 when this call marked the slot, else 0. */
static uint32_t move_slot(struct table *table, struct table *to, uint32_t at)
{
	uint32_t entry = slot_load(table, at);

	while (!(entry & MOVED)) {
		if (entry && !move_id(to, entry & ID_MASK))
			return 0;
		if (__atomic_compare_exchange_n(
			    &table->slot[at], &entry, entry | MOVED, false,
			    __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE))
			return 1;
	}
	return 0;
}

/* The page with the head stays, since late threads look at it. */
static uintptr_t pages_of(const struct table *table)
{
	return ((uintptr_t)table->slot + 4095) & -4096ul;
}

/* Pieces begin where huge pages do. */
static uint32_t pieces_of(const struct table *table)
{
	uintptr_t end = (uintptr_t)table + bytes_of(table->bits);

	return end / PIECE - pages_of(table) / PIECE + 1;
}

static void piece_give(struct table *table)
{
	struct table *older = table->older;
	uintptr_t from = pages_of(older), end, at;
	uint32_t n = __atomic_load_n(&table->pieces, __ATOMIC_RELAXED);

	if (!n ||
	    !__atomic_compare_exchange_n(&table->pieces, &n, n - 1, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	end = (uintptr_t)older + bytes_of(older->bits);
	at = (from / PIECE + n - 1) * PIECE;
	if (at + PIECE < end)
		end = at + PIECE;
	if (at > from)
		from = at;
	if (end > from)
		sys(SYS_madvise, from, end - from, MADV_DONTNEED);
}

static void table_leave(struct table *table, struct table *to)
{
	__atomic_store_n(&first, to, __ATOMIC_SEQ_CST);
	__atomic_store_n(&table->left, true, __ATOMIC_SEQ_CST);
	__atomic_store_n(&to->pieces, pieces_of(table), __ATOMIC_RELEASE);
}

/* Starts over at the end, since a thread may have been lost halfway. */
static void move_some(struct table *table, struct table *to)
{
	uint32_t n = slots_of(table), done = 0, i;
	uint32_t at =
		__atomic_fetch_add(&table->cursor, MOVE, __ATOMIC_RELAXED) &
		(n - 1);

	for (i = 0; i < MOVE; i++)
		done += move_slot(table, to, at + i);
	if (done &&
	    __atomic_add_fetch(&table->moved, done, __ATOMIC_ACQ_REL) == n)
		table_leave(table, to);
}

/* Called with each node that is added: does a few steps. */
static void table_grow(void)
{
	struct table *table = table_first(), *to = table_next(table);

	if (unlikely(__atomic_load_n(&table->pieces, __ATOMIC_ACQUIRE)))
		piece_give(table);
	if (!to && depot_node_last() < slots_of(table) / 4 * 3)
		return;
	if (!to && table->bits < BITS_MAX)
		to = table_make(&table->next, table->bits + 1, table);
	if (to)
		move_some(table, to);
}

/* When memory is short for a larger table: a fuller one would make look-ups
 * slow. */
static bool is_full(const struct table *table)
{
	return !table_next(table) &&
	       depot_node_last() > slots_of(table) / 16 * 15;
}

/* Puts *made, or a new node, in a free slot of that table. False when the
 * look-up has to be made again. */
static bool add_at(struct table *table, uint32_t at, uint64_t key,
		   uint32_t parent, uint32_t *made)
{
	uint64_t hash = depot_node_hash(key, parent);

	table_grow();
	if (!*made && !is_full(table))
		*made = depot_node_new(key, parent);
	return !*made ||
	       (slot_fill(table, at, *made | tag_of(hash)) && !is_left(table));
}

/* A node that was made in a table that had been left may have been found there,
 * so it is not used for another key. */
uint32_t depot_table_add(uint64_t key, uint32_t parent)
{
	uint64_t hash = depot_node_hash(key, parent);
	uint32_t made = 0, found = 0, at;
	struct table *table = table_first();
	bool seen = false;

	while (table) {
		found = table_find(table, hash, key, parent, &at);
		if (found)
			break;
		if (at == slots_of(table) || slot_load(table, at) == MOVED)
			table = table_next(table);
		else if (add_at(table, at, key, parent, &made))
			return made;
		else if (is_left(table)) {
			seen = true;
			table = table_first();
		}
	}
	if (made && found != made && !seen)
		depot_node_drop(made);
	return found;
}

#ifdef GORDIAN_DEBUG
static bool is_found(uint32_t id)
{
	const struct depot_node *node = depot_node(id);
	uint64_t key = depot_node_key(node);

	return id > DEPOT_UNKNOWN && id <= depot_node_last() &&
	       node->parent <= depot_node_last() && node->parent != id &&
	       depot_table_add(key, node->parent) == id;
}

bool depot_table_is_valid(void)
{
	struct table *table;
	uint32_t i;

	for (table = first; table; table = table_next(table))
		for (i = 0; i < slots_of(table); i++)
			if (table->slot[i] & ID_MASK &&
			    !is_found(table->slot[i] & ID_MASK))
				return false;
	return true;
}
#endif

void depot_table_stop(void)
{
	struct table *table = first, *older;

	while (table && table_next(table))
		table = table_next(table);
	first = NULL;
	for (; table; table = older) {
		older = table->older;
		arena_unmap(table, bytes_of(table->bits));
	}
}
