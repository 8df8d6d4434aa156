/*
 * See gobject_qdata.h. Data of the program are words as in all memory of C.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include "base/large.h"
#include "runtimes/gobject_closure.h"
#include "runtimes/gobject_form.h"
#include "runtimes/gobject_qdata.h"
#include "runtimes/gobject_quark.h"
#include "runtimes/gobject_types.h"
#include "scan/blocks.h"
#include "scan/declare.h"
#include "scan/fault.h"

#define KEYS 65536u
#define DATA_MAX 65536u /* of an object */
#define WEAK_MAX 65536u
#define HEAD 16		/* of GLib's arrays: the object, and how many members */
#define OLD_LOCATIONS 8 /* bytes: a pointer to a list */
#define POINTER_FLAGS 7u
#define WRAPPED 16 /* offset in PyGObject of its GObject */

struct owner {
	uintptr_t block, instance;
	uint64_t qdata;
	uint32_t count;
};

enum kind {
	KIND_UNKNOWN,
	KIND_CLOSURES,
	KIND_NOTIFIES,
	KIND_LOCATIONS,
	KIND_TOGGLES,
	KIND_PYTHON,
	KIND_OTHER,
};

static uint8_t kinds[KEYS] LARGE;
static uintptr_t nullify;

static int weak_word(uintptr_t at)
{
	return declare_weak(at, at + 8);
}

static enum kind kind_of(uint32_t key)
{
	static const struct {
		const char *name;
		enum kind kind;
	} names[] = {
		{"GObject-closure-array", KIND_CLOSURES},
		{"GObject-weak-references", KIND_NOTIFIES},
		{"GObject-weak-notifies", KIND_NOTIFIES},
		{"GObject-weak-locations", KIND_LOCATIONS},
		{"GObject-toggle-references", KIND_TOGGLES},
		{"PyGObject::wrapper", KIND_PYTHON},
	};
	char name[64];
	uint32_t i;

	if (key >= KEYS)
		return KIND_OTHER;
	if (kinds[key])
		return kinds[key];
	kinds[key] = KIND_OTHER;
	if (gobject_quark(key, name, sizeof name))
		for (i = 0; i < sizeof names / sizeof *names; i++)
			if (!strcmp(name, names[i].name))
				kinds[key] = names[i].kind;
	return kinds[key];
}

/* What an array no longer has is still there, behind its last member. */
static int old_declare(uintptr_t array, uintptr_t end)
{
	return declare_weak(end, array + blocks_size(array));
}

struct members {
	uint32_t n;
	bool named; /* the head of the array begins with the object */
};

/* The members of that size that an array of GLib's own has behind its head. */
static int members_declare(uintptr_t array, uintptr_t instance, uint32_t size,
			   struct members *out)
{
	uint64_t room;
	uint32_t n;
	int err;

	*out = (struct members){0};
	if (!blocks_begins(array) || blocks_size(array) < HEAD)
		return 0;
	room = blocks_size(array) - HEAD;
	out->named = fault_word(array) == instance;
	fault_copy(&n, array + (out->named ? 8 : 0), sizeof n);
	if (n > WEAK_MAX || room < (uint64_t)n * size)
		return 0;
	out->n = n;
	if (!out->named)
		return 0;
	err = weak_word(array);
	return err ? err : old_declare(array, array + HEAD + n * size);
}

/* The closures that are to be invalid when the object ends. When the object is
 * what they are called with, that is no reference either. */
static int closures_declare(uintptr_t array, uintptr_t instance)
{
	struct form_closure closure;
	struct members members;
	uint32_t i;
	int err = members_declare(array, instance, 8, &members);

	for (i = 0; members.named && i < members.n && !err; i++) {
		uintptr_t at = array + HEAD + 8ul * i;
		uintptr_t to = fault_word(at);

		if (!gobject_closure_read(to, &closure))
			continue;
		err = weak_word(at);
		if (!err && closure.data == instance)
			err = weak_word(to + 16);
	}
	return err;
}

/* Of g_object_add_weak_pointer(). */
static int location_declare(uintptr_t location, uintptr_t instance)
{
	return (fault_word(location) & ~(uint64_t)POINTER_FLAGS) == instance
		       ? weak_word(location)
		       : 0;
}

/* Who is told mostly is the holder of a pointer, and not owned. */
static int notify_declare(const struct form_notify *notify, uintptr_t data,
			  uintptr_t instance)
{
	int err;

	if (!nullify || notify->notify != nullify)
		return gobject_block(notify->data) == BLOCK_NONE
			       ? 0
			       : declare_borrowed(data, data + 8);
	err = weak_word(data);
	return err ? err : location_declare(notify->data, instance);
}

static int notifies_declare(uintptr_t array, uintptr_t instance)
{
	struct form_notify notify;
	struct members members;
	uintptr_t at = array + HEAD;
	uint32_t i;
	int err = members_declare(array, instance, sizeof notify, &members);

	for (i = 0; i < members.n && !err; i++, at += sizeof notify) {
		fault_copy(&notify, at, sizeof notify);
		err = notify_declare(&notify, at + 8, instance);
	}
	return err;
}

/* Until 2.78: a list of where weak references are. */
static int old_locations_declare(uintptr_t head, uintptr_t instance)
{
	uint64_t node[2] = {0, fault_word(head)};
	uint32_t left = WEAK_MAX;
	int err = 0;

	while (!err && left-- && blocks_begins(node[1])) {
		uintptr_t at = node[1];

		fault_copy(node, at, sizeof node);
		err = weak_word(at);
		if (!err)
			err = location_declare(node[0], instance);
	}
	return err;
}

/* Since then: one place or, where there is room, an array of them. */
static int locations_declare(uintptr_t head, uintptr_t instance)
{
	struct {
		uint32_t count;
		uint16_t n, room;
		uint64_t list;
	} data;
	uintptr_t at = head + 8;
	uint32_t i;
	int err = 0;

	if (!blocks_begins(head))
		return 0;
	if (blocks_size(head) == OLD_LOCATIONS)
		return old_locations_declare(head, instance);
	if (blocks_size(head) < sizeof data)
		return 0;
	fault_copy(&data, head, sizeof data);
	if (data.room)
		at = data.list;
	else if (!data.n)
		err = weak_word(at);
	if (data.room && blocks_begins(at))
		err = old_declare(at, at + 8ul * data.n);
	for (i = 0; i < data.n && !err; i++, at += 8) {
		uintptr_t location = fault_word(at);

		if ((fault_word(location) & ~(uint64_t)POINTER_FLAGS) !=
		    instance)
			continue;
		err = weak_word(at);
		if (!err)
			err = weak_word(location);
	}
	return err;
}

/* Who holds a toggle reference is told, and is not owned: what stands for the
 * object elsewhere. Until 2.82 the array names the object first. */
static int toggles_declare(uintptr_t array, uintptr_t instance)
{
	bool named;
	uintptr_t at;
	uint32_t n, i;
	int err;

	if (!blocks_begins(array) || blocks_size(array) < HEAD)
		return 0;
	named = fault_word(array) == instance;
	fault_copy(&n, array + (named ? 8 : 0), sizeof n);
	at = array + (named ? HEAD : 8);
	if (n > WEAK_MAX || blocks_size(array) - (at - array) <
				    (uint64_t)n * sizeof(struct form_notify))
		return 0;
	err = named ? weak_word(array) : 0;
	for (i = 0; i < n && !err; i++, at += sizeof(struct form_notify))
		err = declare_borrowed(at + offsetof(struct form_notify, data),
				       at + sizeof(struct form_notify));
	return err;
}

/* PyGObject's object of Python holds its GObject. While it has attributes or
 * handlers that holds it as well, by a toggle reference: but only while
 * somebody else has a reference, too. The word that leads to it is none. */
static int python_declare(const struct owner *owner, uintptr_t at)
{
	uintptr_t wrapper = fault_word(at), block = blocks_find(wrapper);
	int err;

	if (block == BLOCK_NONE ||
	    fault_word(wrapper + WRAPPED) != owner->instance)
		return 0;
	err = weak_word(at);
	if (!err)
		err = declare_link(block, wrapper + WRAPPED, owner->instance);
	if (!err && owner->qdata & FORM_QDATA_TOGGLE && owner->count > 1)
		err = declare_link(owner->block, 0, wrapper);
	return err;
}

static int datum_declare(const struct form_datum *datum,
			 const struct owner *owner, uintptr_t at)
{
	uintptr_t instance = owner->instance;

	switch (kind_of(datum->key)) {
	case KIND_CLOSURES:
		return closures_declare(datum->data, instance);
	case KIND_NOTIFIES:
		return notifies_declare(datum->data, instance);
	case KIND_LOCATIONS:
		return locations_declare(datum->data, instance);
	case KIND_TOGGLES:
		return toggles_declare(datum->data, instance);
	case KIND_PYTHON:
		return python_declare(owner,
				      at + offsetof(struct form_datum, data));
	default:
		return 0;
	}
}

int gobject_qdata_declare(uintptr_t owner_block, uintptr_t instance,
			  const struct form_object *object)
{
	struct owner owner = {owner_block, instance, object->qdata,
			      object->count};
	uintptr_t block = object->qdata & ~(uint64_t)FORM_QDATA_FLAGS;
	struct form_qdata head;
	struct form_datum datum;
	uint32_t i;
	int err;

	if (!blocks_begins(block))
		return 0;
	fault_copy(&head, block, sizeof head);
	if (head.n > head.room || head.n > DATA_MAX ||
	    blocks_size(block) < sizeof head + head.n * sizeof datum)
		return 0;
	err = declare_part_loose(block, owner_block);
	if (!err || err == -EINVAL) /* what is unused has old words */
		err = declare_weak(block + sizeof head + head.n * sizeof datum,
				   block + blocks_size(block));
	for (i = 0; i < head.n && !err; i++) {
		uintptr_t at = block + sizeof head + i * sizeof datum;

		fault_copy(&datum, at, sizeof datum);
		err = datum_declare(&datum, &owner, at);
	}
	return err;
}

void gobject_qdata_begin(uintptr_t nullify_pointer)
{
	nullify = nullify_pointer;
}
