/*
 * See gobject_types.h. Types are a tree: each fundamental type, and below it
 * what is derived from it. A derived type is the address of its node, so that a
 * node tells its own address. That makes sure of it.
 *
 * An instance is known by its class and by its size, which must both be right.
 * All that is read may be damaged: it is copied first, and loops are bounded.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "base/large.h"
#include "base/list.h"
#include "base/rows.h"
#include "runtimes/gobject_form.h"
#include "runtimes/gobject_quark.h"
#include "runtimes/gobject_types.h"
#include "scan/blocks.h"
#include "scan/declare.h"
#include "scan/fault.h"

#define TYPES_MAX (1u << 20)
#define CHILDREN_MAX (1u << 16)
#define SUPERS 255u
#define SIZES (2u << 16) /* two numbers of 16 bits */

/* A size of instances, and where in blocks of that size they begin. */
#define MEASURE(size, before) ((uint64_t)(size) << 32 | (before))

struct boxed {
	uint64_t type;
	uint32_t name, pad;
};

static struct types {
	struct list list;    /* struct gobject_type, by class */
	struct list measure; /* uint64_t, each once */
	struct list boxed;   /* struct boxed, by type */
	struct list stack;   /* types whose children are to be read */
	uint32_t read;
	uint32_t shift;		    /* of the nodes */
	uint64_t sizes[SIZES / 64]; /* bits */
	uintptr_t low, high;	    /* GObject's code */
	bool sorted;
	int failed;
} t LARGE;

void gobject_types_begin(uintptr_t low, uintptr_t high)
{
	t.low = low;
	t.high = high;
}

static bool node_read(uint64_t at, struct form_type *node)
{
	if (at % 8 || blocks_find(at) == BLOCK_NONE)
		return false;
	fault_copy(node, at + t.shift, sizeof *node);
	return true;
}

/* A node that is no fundamental type's begins its block. */
static bool derived_read(uint64_t type, struct form_type *node)
{
	return blocks_begins(type) && node_read(type, node) &&
	       node->self == type && (node->supers_n & SUPERS);
}

static bool is_named(uint32_t quark, const char *wanted)
{
	char name[32];

	return gobject_quark(quark, name, sizeof name) && !strcmp(name, wanted);
}

/* A type has a class when it had an instance. */
static bool type_read(const struct form_type *node, uint32_t fundamental,
		      struct gobject_type *type)
{
	struct form_class data;
	uint64_t first;

	if (blocks_find(node->data) == BLOCK_NONE)
		return false;
	fault_copy(&data, node->data, sizeof data);
	if (!blocks_begins(data.class) || data.instance_size < 8)
		return false;
	fault_copy(&first, data.class, sizeof first);
	*type = (struct gobject_type){
		.class = data.class,
		.type = fundamental,
		.name = node->name,
		.size = (uint32_t)data.before + data.instance_size,
		.before = data.before,
		.is_binding = is_named(node->name, "GBinding"),
	};
	return first == node->self;
}

/* What g_param_type_register_static() gives a class to be made from is freed
 * when it is made, and other blocks come to lie where it was. */
static void forget_given(const struct form_type *node)
{
	uintptr_t at = node->data + offsetof(struct form_class, given);
	struct form_class data;

	fault_copy(&data, node->data, sizeof data);
	if (data.state == FORM_CLASS_MADE && data.init >= t.low &&
	    data.init < t.high && declare_weak(at, at + 8))
		t.failed = -ENOMEM;
}

static void type_add(const struct form_type *node, uint32_t fundamental)
{
	struct gobject_type type;
	uint64_t measure;

	if (!type_read(node, fundamental, &type))
		return;
	if (fundamental == GOBJECT_TYPE_PARAM)
		forget_given(node);
	measure = MEASURE(type.size, type.before);
	t.sizes[type.size / 64] |= 1ul << type.size % 64;
	if (!list_add(&t.list, &type, sizeof type) ||
	    !list_add(&t.measure, &measure, sizeof measure))
		t.failed = -ENOMEM;
}

static void children_push(const struct form_type *node)
{
	uint64_t child;
	uint32_t i;

	if (node->children_n > CHILDREN_MAX)
		return;
	for (i = 0; i < node->children_n && t.read < TYPES_MAX; i++, t.read++) {
		fault_copy(&child, node->children + 8ul * i, sizeof child);
		if (!list_add(&t.stack, &child, sizeof child))
			t.failed = -ENOMEM;
	}
}

static void tree_read(const struct form_type *root)
{
	struct form_type node;

	type_add(root, root->self);
	children_push(root);
	while (t.stack.n) {
		uint64_t type = ((uint64_t *)t.stack.list)[--t.stack.n];

		if (!derived_read(type, &node))
			continue;
		type_add(&node, root->self);
		children_push(&node);
	}
}

static void boxed_read(const struct form_type *root)
{
	struct form_type node;

	children_push(root);
	while (t.stack.n) {
		uint64_t type = ((uint64_t *)t.stack.list)[--t.stack.n];

		if (derived_read(type, &node) &&
		    !list_add(&t.boxed,
			      &(struct boxed){.type = type, .name = node.name},
			      sizeof(struct boxed)))
			t.failed = -ENOMEM;
	}
	rows_sort(t.boxed.list, sizeof(struct boxed), t.boxed.n);
}

uint32_t gobject_types_boxed(uint64_t type)
{
	const struct boxed *boxed = t.boxed.list;
	uint32_t i = rows_find(boxed, sizeof *boxed, t.boxed.n, type);

	return i < t.boxed.n && boxed[i].type == type ? boxed[i].name : 0;
}

/* The entry of a fundamental type is at its place in the table. */
static bool fundamental_read(uintptr_t at, uint32_t type,
			     struct form_type *node)
{
	uint64_t word;

	fault_copy(&word, at, sizeof word);
	return node_read(word, node) && node->self == type && !node->super &&
	       !(node->supers_n & SUPERS);
}

static void sort(void)
{
	uint64_t *measure = t.measure.list;
	uint32_t i, n = 0;

	rows_sort(t.list.list, sizeof(struct gobject_type), t.list.n);
	rows_sort(measure, sizeof *measure, t.measure.n);
	for (i = 0; i < t.measure.n; i++)
		if (!n || measure[i] != measure[n - 1])
			measure[n++] = measure[i];
	t.measure.n = n;
}

bool gobject_types_read(uintptr_t at)
{
	uintptr_t param = at - 8 * (GOBJECT_FUNDAMENTAL(GOBJECT_TYPE_OBJECT) -
				    GOBJECT_FUNDAMENTAL(GOBJECT_TYPE_PARAM));
	uintptr_t boxed = at - 8 * (GOBJECT_FUNDAMENTAL(GOBJECT_TYPE_OBJECT) -
				    GOBJECT_FUNDAMENTAL(GOBJECT_TYPE_BOXED));
	struct form_type node, other;
	struct gobject_type type;

	for (t.shift = 0; t.shift <= FORM_TYPE_SHIFTED;
	     t.shift += FORM_TYPE_SHIFTED) {
		if (!fundamental_read(at, GOBJECT_TYPE_OBJECT, &node) ||
		    !fundamental_read(param, GOBJECT_TYPE_PARAM, &other) ||
		    !type_read(&node, GOBJECT_TYPE_OBJECT, &type))
			continue;
		tree_read(&node);
		tree_read(&other);
		if (fundamental_read(boxed, GOBJECT_TYPE_BOXED, &other))
			boxed_read(&other);
		sort();
		return true;
	}
	return false;
}

int gobject_types_failed(void)
{
	return t.failed;
}

bool gobject_types_measure(uint64_t size)
{
	return size < SIZES && t.sizes[size / 64] >> size % 64 & 1;
}

static const struct gobject_type *type_at(uintptr_t at)
{
	const struct gobject_type *types = t.list.list;
	uint64_t class;
	uint32_t i;

	fault_copy(&class, at, sizeof class);
	if (!class)
		return NULL;
	i = rows_find(types, sizeof *types, t.list.n, class);
	return i < t.list.n && types[i].class == class ? &types[i] : NULL;
}

/* Of each size there are few places where instances begin. */
const struct gobject_type *gobject_type_of(uintptr_t block)
{
	const uint64_t *measure = t.measure.list;
	uint64_t size = blocks_size(block);
	uint32_t i;

	if (!gobject_types_measure(size))
		return NULL;
	i = rows_find(measure, sizeof *measure, t.measure.n, MEASURE(size, 0));
	for (; i < t.measure.n && measure[i] >> 32 == size; i++) {
		uint32_t before = measure[i];
		const struct gobject_type *type = type_at(block + before);

		if (type && type->size == size && type->before == before)
			return type;
	}
	return NULL;
}

uintptr_t gobject_block(uintptr_t instance)
{
	uintptr_t block = blocks_find(instance);
	const struct gobject_type *type =
		block == BLOCK_NONE ? NULL : gobject_type_of(block);

	return type && type->type == GOBJECT_TYPE_OBJECT &&
			       block + type->before == instance
		       ? block
		       : BLOCK_NONE;
}
