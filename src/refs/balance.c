/*
 * Acquires and releases cancel each other where their stacks meet, the
 * innermost meeting first. What meets in one place is taken out in order of
 * time, as far as that is known: only the first acquire of an entry has a time;
 * the others came some time after it. See balance.h.
 *
 * Runs in the snapshot child. No locks, no recursion.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/sort.h"
#include "refs/balance.h"
#include "refs/refs.h"
#include "stack/depot.h"

/* An entry on its way outwards. */
struct leaf {
	uint32_t stack;
	uint32_t at, depth; /* the frame that it has reached */
	uint64_t first;
	uint64_t most; /* acquires that it could still have */
	bool fresh;    /* it certainly still has all of them */
	/* Right only as sums over all leaves in one place. */
	uint64_t acquires, releases;
};

struct meeting {
	struct leaf *leaf;
	uint32_t n;
	struct item *items, *scratch;
};

static uint32_t stack_depth(uint32_t stack)
{
	uint32_t depth = 0;

	for (; stack; stack = depot_frame(stack).parent)
		depth++;
	return depth;
}

static void leaf_fill(struct leaf *leaf, const struct ref_entry *entry)
{
	leaf->stack = leaf->at = entry->stack;
	leaf->depth = stack_depth(entry->stack);
	leaf->first = entry->first;
	leaf->most = leaf->acquires = entry->acquires;
	leaf->releases = entry->releases;
	leaf->fresh = entry->acquires;
}

/* Makes the leaves, the oldest first. */
static int leaves_make(const struct ref_entry *entries, struct arena *arena,
		       struct meeting *m)
{
	const struct ref_entry **list, *entry;
	uint32_t i, n = 0;

	for (entry = entries; entry; entry = entry->next)
		n++;
	m->n = n;
	m->leaf = arena_array(arena, n, sizeof(*m->leaf));
	m->items = arena_array(arena, n, sizeof(*m->items));
	m->scratch = arena_array(arena, n, sizeof(*m->scratch));
	list = arena_array(arena, n, sizeof(*list));
	if (!m->leaf || !m->items || !m->scratch || !list)
		return -ENOMEM;
	for (i = 0, entry = entries; entry; entry = entry->next, i++) {
		m->items[i] = (struct item){entry->first, i};
		list[i] = entry;
	}
	sort_items(m->items, m->scratch, n);
	for (i = 0; i < n; i++)
		leaf_fill(&m->leaf[i], list[m->items[i].value]);
	return 0;
}

/*
 * Of the acquires that meet here, `left` stay and `taken` are taken out. A leaf
 * certainly loses its first acquire when more are taken than could be older. It
 * certainly loses none when no more are taken than the certainly older ones.
 */
static void acquires_take(struct meeting *m, const struct item *items,
			  uint32_t n, uint64_t taken, uint64_t left)
{
	uint64_t older = 0, firsts = 0; /* could be older; certainly are */
	uint32_t i, k, end;

	for (i = 0; i < n; i = end) {
		uint64_t same = 0, fresh = 0;

		for (end = i; end < n; end++) {
			struct leaf *leaf = &m->leaf[items[end].value];

			if (leaf->first != m->leaf[items[i].value].first)
				break;
			same += leaf->most;
			fresh += leaf->fresh;
		}
		for (k = i; k < end; k++) {
			struct leaf *leaf = &m->leaf[items[k].value];

			if (leaf->fresh && taken > older + same - leaf->most)
				leaf->most--;
			if (taken > firsts)
				leaf->fresh = false;
			if (leaf->most > left)
				leaf->most = left;
		}
		older += same;
		firsts += fresh;
	}
}

/* items[0..n) are in one place: matches all of them that can be. */
static void leaves_meet(struct meeting *m, const struct item *items, uint32_t n)
{
	uint64_t acquires = 0, releases = 0, taken;
	uint32_t i;

	for (i = 0; i < n; i++) {
		acquires += m->leaf[items[i].value].acquires;
		releases += m->leaf[items[i].value].releases;
	}
	taken = acquires < releases ? acquires : releases;
	if (!taken)
		return;
	acquires_take(m, items, n, taken, acquires - taken);
	for (i = 0; i < n; i++) {
		struct leaf *leaf = &m->leaf[items[i].value];

		leaf->acquires = i ? 0 : acquires - taken;
		leaf->releases = i ? 0 : releases - taken;
	}
}

/* All leaves at this depth meet in their frames, and go on to the next. */
static void level_meet(struct meeting *m, uint32_t depth)
{
	uint32_t i, from, n = 0;

	for (i = 0; i < m->n; i++) {
		if (m->leaf[i].depth == depth)
			m->items[n++] = (struct item){m->leaf[i].at, i};
	}
	sort_items(m->items, m->scratch, n); /* equal ones stay in order */
	for (from = i = 0; i < n; i++) {
		if (i + 1 < n && m->items[i + 1].key == m->items[i].key)
			continue;
		leaves_meet(m, m->items + from, i + 1 - from);
		from = i + 1;
	}
	for (i = 0; i < n && depth; i++) {
		struct leaf *leaf = &m->leaf[m->items[i].value];

		leaf->at = depot_frame(leaf->at).parent;
		leaf->depth--;
	}
}

/* The largest first. Among equals the youngest, which is the likeliest. */
static uint32_t balances_list(struct meeting *m, struct balance *out,
			      uint32_t room)
{
	uint32_t i = m->n, n = 0;

	while (i--) {
		if (m->leaf[i].most)
			m->items[n++] =
				(struct item){UINT64_MAX - m->leaf[i].most, i};
	}
	sort_items(m->items, m->scratch, n);
	n = n < room ? n : room;
	for (i = 0; i < n; i++) {
		const struct leaf *leaf = &m->leaf[m->items[i].value];

		out[i].stack = leaf->stack;
		out[i].count = (uint32_t)leaf->most;
	}
	return n;
}

int balance_outstanding(const struct ref_entry *entries, struct arena *arena,
			struct balance *out, uint32_t room)
{
	struct meeting m = {0};
	uint32_t i, depth = 0;

	if (leaves_make(entries, arena, &m))
		return -ENOMEM;
	for (i = 0; i < m.n; i++) {
		if (m.leaf[i].depth > depth)
			depth = m.leaf[i].depth;
	}
	for (depth++; depth--;)
		level_meet(&m, depth);
	return (int)balances_list(&m, out, room);
}
