/* See cpython_ends.h. */
#include <stdbool.h>
#include <string.h>
#include "base/text.h"
#include "runtimes/cpython_container.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_ends.h"
#include "runtimes/cpython_objects.h"
#include "runtimes/cpython_text.h"
#include "runtimes/cpython_types.h"
#include "scan/blocks.h"

#define BASES 64
#define ENTRIES 65536
#define HELD 64 /* objects that are looked at for descriptors */
#define DESCRIPTOR 16

struct ending {
	uintptr_t block;
	struct text text;
	int *fds;
	uint32_t n, found;
};

/* What a dictionary has by that name; 0: nothing. */
static uintptr_t entry_of(uintptr_t dict, const char *name)
{
	struct keys_table keys;
	char room[32];
	uint64_t i;

	if (word_of(dict, OBJECT_TYPE) != cpython.dict ||
	    word_at(dict + DICT_VALUES) ||
	    !cpython_keys(word_at(dict + DICT_KEYS), &keys))
		return 0;
	for (i = 0; i < keys.n && i < ENTRIES; i++) {
		uintptr_t entry = keys.entries + i * keys.step;
		struct text text = {room, sizeof room, 0};

		if (cpython_add_str(&text, word_at(entry + keys.key)) &&
		    !strcmp(room, name))
			return word_at(entry + keys.value);
	}
	return 0;
}

static void find_finalizer(void *data)
{
	struct ending *ending = data;
	const struct cpython_object *o = cpython_object(ending->block);
	uintptr_t mro, base, function;
	uint64_t i, n;

	if (!o || !(object_type(o)->flags & FLAG_HEAP))
		return;
	mro = word_at(object_type(o)->at + TYPE_MRO);
	n = word_at(object_type(o)->at + TYPE_FINALIZE)
		    ? word_at(mro + OBJECT_SIZE)
		    : 0;
	for (i = 0; i < n && i < BASES; i++) {
		base = word_at(mro + cpython.tuple_items + 8 * i);
		function = entry_of(word_of(base, TYPE_DICT), "__del__");
		if (function) {
			(void)cpython_add_function(&ending->text, function);
			return;
		}
	}
	if (word_at(object_type(o)->at + TYPE_DEL))
		text_add(&ending->text, "tp_del");
}

size_t cpython_finalizer(uintptr_t block, char *room, size_t size)
{
	struct ending ending = {.block = block, .text = {room, size, 0}};

	cpython_run(find_finalizer, &ending);
	return ending.text.used;
}

static void find_reason(void *data)
{
	struct ending *ending = data;
	const struct cpython_object *o = cpython_object(ending->block);

	if (!o)
		return;
	if (!(object_type(o)->flags & FLAG_GC) && !object_type(o)->exact) {
		text_add(&ending->text, "type ");
		cpython_add_type(&ending->text, object_type(o)->at);
		text_add(&ending->text, " has no tp_traverse");
	} else if (o->bits & MARK_FROZEN) {
		text_add(&ending->text, "the collector is disabled, or the "
					"object is frozen");
	}
}

size_t cpython_reason(uintptr_t block, char *room, size_t size)
{
	struct ending ending = {.block = block, .text = {room, size, 0}};

	cpython_run(find_reason, &ending);
	return ending.text.used;
}

static bool has_descriptor(const struct cpython_object *o)
{
	uintptr_t type = object_type(o)->at;

	return cpython_type_is(type, "_io.FileIO") ||
	       cpython_type_is(type, "_socket.socket");
}

static void add_descriptor(struct ending *ending,
			   const struct cpython_object *o)
{
	int fd = (int)word_at(object_at(o) + DESCRIPTOR);

	if (fd >= 0 && ending->found < ending->n && has_descriptor(o))
		ending->fds[ending->found++] = fd;
}

struct held {
	uint32_t n;
	const struct cpython_object *list[HELD];
};

/* Adds a file, or what only one reference holds of its buffers. What other
 * objects hold is theirs to tell. */
static void hold(struct held *held, uintptr_t at)
{
	const struct cpython_object *o =
		is_pointer(at) ? cpython_object_at(at) : NULL;
	uint32_t i;

	if (!o || object_type(o)->kind == KIND_LEAF ||
	    (!has_descriptor(o) &&
	     (cpython_count(at) != 1 ||
	      !cpython_type_is(object_type(o)->at, "_io._IOBase"))))
		return;
	for (i = 0; i < held->n; i++)
		if (held->list[i] == o)
			return;
	if (held->n < HELD)
		held->list[held->n++] = o;
}

static void hold_spans(struct held *held, enum cpython_kind kind, uintptr_t at)
{
	struct container c = cpython_container(kind, at);
	uint32_t i;
	uint64_t k;

	for (i = 0; i < c.spans_n; i++)
		for (k = 0; k < c.span[i].n && k < ENTRIES; k++)
			hold(held, word_at(c.span[i].at + k * c.span[i].step));
}

/* The attributes of an object whose dictionary nobody else has. */
static void hold_dict(struct held *held, const struct cpython_object *o)
{
	uintptr_t place = cpython_dict_place(object_type(o), object_at(o));
	const struct cpython_object *dict =
		is_pointer(place) ? cpython_object_at(word_at(place)) : NULL;

	if (dict && object_type(dict)->kind == KIND_DICT &&
	    cpython_count(word_at(place)) == 1)
		hold_spans(held, KIND_DICT, word_at(place));
}

static void hold_words(struct held *held, uintptr_t low, uintptr_t high)
{
	for (; low + 8 <= high; low += 8)
		hold(held, word_at(low));
}

static void hold_all(struct held *held, const struct cpython_object *o)
{
	const struct cpython_type *type = object_type(o);
	uintptr_t values, block;

	hold_spans(held, type->kind, object_at(o));
	hold_dict(held, o);
	hold_words(held, o->block, o->block + blocks_size(o->block));
	values = cpython_values(type, object_at(o), &block);
	if (values && block != o->block)
		hold_words(held, values, block + blocks_size(block));
}

static void find_resources(void *data)
{
	struct ending *ending = data;
	struct held held = {.n = 0};
	uint32_t i;

	held.list[0] = cpython_object(ending->block);
	held.n = held.list[0] != NULL;
	for (i = 0; i < held.n; i++) {
		add_descriptor(ending, held.list[i]);
		hold_all(&held, held.list[i]);
	}
}

uint32_t cpython_resources(uintptr_t block, int *fds, uint32_t n)
{
	struct ending ending = {.block = block, .fds = fds, .n = n};

	cpython_run(find_resources, &ending);
	return ending.found;
}
