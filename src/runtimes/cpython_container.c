/* See cpython_container.h. */
#include "runtimes/cpython_container.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_objects.h"
#include "runtimes/cpython_types.h"
#include "scan/blocks.h"

#define ENTRY_GENERAL 24 /* hash, key, value */
#define ENTRY_UNICODE 16 /* key, value; since 3.11 */

static bool is_within(uintptr_t block, uintptr_t at, uint64_t n, uint32_t step)
{
	uintptr_t end = block + blocks_size(block);

	return at >= block && at <= end && n <= (end - at) / step;
}

/* Adds words in a block of their own. */
static bool add_part(struct container *c, uintptr_t at, uint64_t n,
		     uint32_t step)
{
	uintptr_t block = is_pointer(at) ? blocks_find(at) : BLOCK_NONE;

	if (!n)
		return true;
	if (block == BLOCK_NONE || !is_within(block, at, n, step))
		return false;
	c->part[c->parts_n++] = block;
	c->span[c->spans_n++] = (struct span){at, n, step};
	return true;
}

static bool add_inner(struct container *c, uintptr_t at, uint64_t n)
{
	uintptr_t block = blocks_find(at);

	if (block == BLOCK_NONE || !is_within(block, at, n, 8))
		return !n;
	c->span[c->spans_n++] = (struct span){at, n, 8};
	return true;
}

static bool old_keys(uintptr_t keys, struct keys_table *out)
{
	uint64_t size = word_at(keys + 8), index = 1;

	if (!size || size & (size - 1))
		return false;
	index = size <= 0xff ? 1 : size <= 0xffff ? 2 : size >> 32 ? 8 : 4;
	out->entries = keys + 40 + index * size;
	out->n = word_at(keys + 32);
	out->step = ENTRY_GENERAL;
	return size < 1ul << 40;
}

static bool new_keys(uintptr_t keys, struct keys_table *out)
{
	uint32_t head = (uint32_t)word_at(keys + 8);
	uint32_t log2_bytes = head >> 8 & 255, kind = head >> 16 & 255;

	if (log2_bytes > 40 || kind > 2)
		return false;
	out->entries = keys + 32 + (1ul << log2_bytes);
	out->n = word_at(keys + 24);
	out->step = kind ? ENTRY_UNICODE : ENTRY_GENERAL;
	return true;
}

bool cpython_keys(uintptr_t keys, struct keys_table *out)
{
	uintptr_t block;

	*out = (struct keys_table){0};
	if (!is_pointer(keys) ||
	    !(cpython.minor < 11 ? old_keys(keys, out) : new_keys(keys, out)))
		return false;
	out->key = out->step - 16;
	out->value = out->step - 8;
	block = blocks_find(keys);
	if (block == BLOCK_NONE || block + cpython_debug_head(block) != keys)
		return !out->n; /* the empty one is static */
	out->block = block;
	out->at = keys;
	return is_within(block, out->entries, out->n, out->step);
}

/* The values apart from the keys, which are shared. Those that lie in the
 * instance are visited as the dictionary's; before 3.13.4 as its own, too. */
static bool add_values(struct container *c, uintptr_t values, uint64_t n)
{
	if (cpython.minor < 13)
		return add_part(c, values, n, 8);
	if (word_of(values, 0) >> 16 & 255)
		return add_inner(c, values + 8, n);
	return add_part(c, values + 8, n, 8);
}

static bool add_dict(struct container *c, uintptr_t at)
{
	uintptr_t values = word_at(at + DICT_VALUES);
	struct keys_table keys;

	if (!cpython_keys(word_at(at + DICT_KEYS), &keys))
		return false;
	if (values)
		return add_values(c, values, keys.n);
	if (!keys.n || !keys.block || word_at(keys.at) != 1)
		return !keys.n;
	c->part[c->parts_n++] = keys.block;
	c->span[c->spans_n++] =
		(struct span){keys.entries + keys.key, keys.n, keys.step};
	c->span[c->spans_n++] =
		(struct span){keys.entries + keys.value, keys.n, keys.step};
	return true;
}

static bool add_set(struct container *c, uintptr_t at)
{
	uint64_t n = word_at(at + SET_MASK) + 1;
	uintptr_t table = word_at(at + SET_TABLE);

	if (table != at + SET_SMALL)
		return add_part(c, table, n, 16);
	c->span[c->spans_n++] = (struct span){table, 8, 16};
	return n == 8;
}

static void add_text(struct container *c, uintptr_t text)
{
	uintptr_t block = is_pointer(text) ? blocks_find(text) : BLOCK_NONE;

	if (block != BLOCK_NONE)
		c->part[c->parts_n++] = block;
}

/* A string may have its text, or other forms of it, in blocks apart. */
static void add_str(struct container *c, uintptr_t at)
{
	uint64_t state = word_at(at + STR_STATE);
	uint32_t utf8 = cpython.minor < 12 ? 56 : 48;

	if (cpython.minor < 12)
		add_text(c, word_at(at + STR_WIDE));
	if ((state & (STR_COMPACT | STR_ASCII)) != (STR_COMPACT | STR_ASCII))
		add_text(c, word_at(at + utf8));
	if (!(state & STR_COMPACT))
		add_text(c, word_at(at + utf8 + (cpython.minor < 12 ? 16 : 8)));
}

struct container cpython_container(enum cpython_kind kind, uintptr_t at)
{
	struct container c = {.sound = false};

	switch (kind) {
	case KIND_LEAF:
		c.sound = true;
		if (word_at(at + OBJECT_TYPE) == cpython.leaf[0])
			add_str(&c, at);
		break;
	case KIND_LIST:
		c.sound = add_part(&c, word_at(at + LIST_ITEMS),
				   word_at(at + OBJECT_SIZE), 8);
		break;
	case KIND_TUPLE:
		c.sound = add_inner(&c, at + cpython.tuple_items,
				    word_at(at + OBJECT_SIZE));
		break;
	case KIND_DICT:
		c.sound = add_dict(&c, at);
		break;
	case KIND_SET:
		c.sound = add_set(&c, at);
		break;
	case KIND_WEAK:
		c.sound = add_inner(&c, at + WEAK_CALLBACK, 1);
		break;
	case KIND_CELL:
		c.sound = add_inner(&c, at + CELL_CONTENTS, 1);
		break;
	case KIND_OTHER:
		break;
	}
	if (!c.sound)
		c.spans_n = c.parts_n = 0;
	return c;
}

uintptr_t cpython_values(const struct cpython_type *type, uintptr_t at,
			 uintptr_t *block)
{
	uintptr_t values = 0;

	*block = BLOCK_NONE;
	if (cpython.minor < 11 || !(type->flags & FLAG_MANAGED_DICT))
		return 0;
	if (cpython.minor == 11)
		values = word_at(at + MANAGED_VALUES);
	else if (cpython.minor == 12 && word_at(at + MANAGED_DICT) & 1)
		values = word_at(at + MANAGED_DICT) + 1;
	else if (cpython.minor > 12 && type->flags & FLAG_INLINE_VALUES)
		values = at + type->basic + 8;
	if (!is_pointer(values))
		return 0;
	*block = blocks_find(values);
	return *block == BLOCK_NONE ? 0 : values;
}

/* Behind the items, when it counts from the end. */
static uintptr_t place_from_end(const struct cpython_type *type, uintptr_t at,
				intptr_t offset)
{
	int64_t items = word_at(at + OBJECT_SIZE);
	uint64_t size;

	items = items < 0 ? -items : items;
	if (items >= 1l << 40)
		return 0;
	size = (type->basic + (uint64_t)items * type->item + 7) & -8ul;
	return at + size + offset;
}

uintptr_t cpython_dict_place(const struct cpython_type *type, uintptr_t at)
{
	intptr_t offset = word_at(type->at + TYPE_DICT_OFFSET);
	uintptr_t place, block = blocks_find(at);

	if (cpython.minor >= 11 && type->flags & FLAG_MANAGED_DICT)
		return at + MANAGED_DICT;
	if (!offset || offset & 7)
		return 0;
	place = offset > 0 ? at + offset : place_from_end(type, at, offset);
	return place && is_within(block, place, 1, 8) ? place : 0;
}

uintptr_t cpython_closure_place(uintptr_t at)
{
	return at + (cpython.minor < 10 ? 48 : 72);
}
