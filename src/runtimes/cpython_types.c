/* See cpython_types.h. */
#include <string.h>
#include "base/arena.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_types.h"
#include "scan/blocks.h"
#include "scan/fault.h"
#include "stack/module.h"

#define METATYPES 8
#define BASES 64
#define BASIC_MOST (16u << 20)
#define ITEM_MOST 65536

struct slot {
	uintptr_t word; /* 0: empty */
	struct cpython_type *type;
};

static struct {
	struct arena *arena;
	struct slot *slot;
	uint32_t n, room; /* a power of two */
	bool failed, bound;
	uint32_t depth;
} types;

static struct slot *find_slot(struct slot *slot, uint32_t room, uintptr_t word)
{
	uint64_t i = (word * 0x9e3779b97f4a7c15u) >> 32 & (room - 1);

	while (slot[i].word && slot[i].word != word)
		i = (i + 1) & (room - 1);
	return &slot[i];
}

static bool grow(void)
{
	uint32_t i, room = types.room ? 2 * types.room : 1024;
	struct slot *slot = arena_array(types.arena, room, sizeof *slot);

	if (!slot)
		return false;
	for (i = 0; i < types.room; i++)
		if (types.slot[i].word)
			*find_slot(slot, room, types.slot[i].word) =
				types.slot[i];
	arena_release(types.slot, types.room, sizeof *slot);
	types.slot = slot;
	types.room = room;
	return true;
}

/* Whether word may lead to a type: into a block, behind its collector's head,
 * or to a variable. */
static bool is_place(uintptr_t word)
{
	uintptr_t block;
	uint32_t module;

	if (!is_pointer(word))
		return false;
	if (word - cpython.low < cpython.high - cpython.low)
		return true;
	block = blocks_find(word);
	if (block != BLOCK_NONE)
		return (word - block == GC_HEAD ||
			word - block == DEBUG_HEAD + GC_HEAD) &&
		       blocks_size(block) >= word - block + TYPE_BYTES;
	module = module_find(word);
	return module && module_readable(module, word) >= TYPE_BYTES;
}

static bool is_ready(uintptr_t at)
{
	uintptr_t mro = word_at(at + TYPE_MRO), basic, item;
	uint64_t flags = word_at(at + TYPE_FLAGS);

	basic = word_at(at + TYPE_BASIC);
	item = word_at(at + TYPE_ITEM);
	return flags & FLAG_READY && basic >= OBJECT_HEAD &&
	       basic <= BASIC_MOST && item <= ITEM_MOST &&
	       (word_at(at + TYPE_TRAVERSE) || !(flags & FLAG_GC)) &&
	       word_at(at + TYPE_NAME) &&
	       word_of(mro, OBJECT_TYPE) == cpython.tuple &&
	       word_at(mro + OBJECT_SIZE) - 1 < BASES * BASES &&
	       word_of(mro, cpython.tuple_items) == at;
}

static bool has_metatype(uintptr_t at)
{
	uintptr_t meta = word_at(at + OBJECT_TYPE);
	const struct cpython_type *type;

	if (meta == cpython.type)
		return true;
	if (meta == at || types.depth == METATYPES)
		return false;
	types.depth++;
	type = cpython_type(meta);
	types.depth--;
	return type && type->flags & FLAG_TYPE;
}

static bool derives(uintptr_t at, uintptr_t base)
{
	uint32_t i;

	for (i = 0; base && is_pointer(at) && i < BASES; i++) {
		if (at == base)
			return true;
		at = word_at(at + TYPE_BASE);
	}
	return false;
}

static bool is_leaf(struct cpython_type *type)
{
	uint32_t i;

	for (i = 0; i < sizeof cpython.leaf / sizeof *cpython.leaf; i++)
		if (type->at == cpython.leaf[i]) {
			if (cpython.least[i])
				type->least = cpython.least[i];
			return true;
		}
	return false;
}

static enum cpython_kind kind_of(struct cpython_type *type)
{
	uintptr_t at = type->at;

	type->exact = true;
	if (at == cpython.cell)
		return KIND_CELL;
	if (is_leaf(type))
		return KIND_LEAF;
	type->exact = at == cpython.list || at == cpython.tuple ||
		      at == cpython.dict || at == cpython.set ||
		      at == cpython.frozenset || at == cpython.weak ||
		      at == cpython.weak_proxy || at == cpython.weak_callable;
	if (type->flags & FLAG_LIST)
		return KIND_LIST;
	if (type->flags & FLAG_TUPLE)
		return KIND_TUPLE;
	if (type->flags & FLAG_DICT)
		return KIND_DICT;
	if (derives(at, cpython.set) || derives(at, cpython.frozenset))
		return KIND_SET;
	if (derives(at, cpython.weak) || derives(at, cpython.weak_proxy) ||
	    derives(at, cpython.weak_callable))
		return KIND_WEAK;
	return KIND_OTHER;
}

static uint8_t bytes_before(uint64_t flags)
{
	uint64_t managed = 0;

	if (cpython.minor >= 11)
		managed |= FLAG_MANAGED_DICT;
	if (cpython.minor >= 12)
		managed |= FLAG_MANAGED_WEAKREF;
	return (flags & FLAG_GC ? GC_HEAD : 0) + (flags & managed ? 16 : 0);
}

static bool is_bound(uintptr_t at)
{
	uintptr_t meta = word_at(at + OBJECT_TYPE);
	char name[64];

	if (meta == cpython.type)
		return false;
	fault_copy(name, word_at(meta + TYPE_NAME), sizeof name);
	name[sizeof name - 1] = 0;
	return strstr(name, "pybind11_type");
}

static struct cpython_type *examine(uintptr_t at)
{
	struct cpython_type *type;

	if (!is_ready(at) || !has_metatype(at) || !derives(at, cpython.object))
		return NULL;
	type = arena_aligned(types.arena, sizeof *type, CPYTHON_TYPE_ALIGN);
	if (!type) {
		types.failed = true;
		return NULL;
	}
	type->at = at;
	type->flags = word_at(at + TYPE_FLAGS);
	type->traverse = word_at(at + TYPE_TRAVERSE);
	type->basic = type->least = word_at(at + TYPE_BASIC);
	type->item = word_at(at + TYPE_ITEM);
	type->before = bytes_before(type->flags);
	type->kind = kind_of(type);
	type->opaque = !(type->flags & FLAG_GC);
	type->function = at == cpython.function;
	type->bound = is_bound(at);
	types.bound |= type->bound;
	return type;
}

struct cpython_type *cpython_type(uintptr_t word)
{
	struct cpython_type *type;
	struct slot *slot;

	slot = find_slot(types.slot, types.room, word);
	if (slot->word || !is_place(word))
		return slot->word ? slot->type : NULL;
	if (2 * ++types.n > types.room && !grow()) {
		types.failed = true;
		return NULL;
	}
	/* no type while it is looked at, or it would be its own metatype's */
	find_slot(types.slot, types.room, word)->word = word;
	type = examine(word);
	find_slot(types.slot, types.room, word)->type = type;
	return type;
}

void cpython_types_begin(struct arena *arena)
{
	types.arena = arena;
	types.failed = !grow();
}

bool cpython_types_failed(void)
{
	return types.failed;
}

bool cpython_types_bound(void)
{
	return types.bound;
}

bool cpython_type_is(uintptr_t type, const char *name)
{
	char text[32];
	uint32_t i;

	for (i = 0; is_pointer(type) && i < BASES; i++) {
		fault_copy(text, word_at(type + TYPE_NAME), sizeof text);
		text[sizeof text - 1] = 0;
		if (!strcmp(text, name))
			return true;
		type = word_at(type + TYPE_BASE);
	}
	return false;
}
