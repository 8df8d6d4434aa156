/*
 * See cpython_links.h. Of lists, tuples, dictionaries and sets the layout says
 * all, also the strings that their tp_traverse leaves out, and it is ten times
 * as fast. Of all other types tp_traverse is believed, since the collector
 * rests on it, too. What it visits is then looked for among the words of the
 * object and of what it holds alone. A word that is not visited may hold a
 * reference, as in C memory: a type need not visit its strings.
 */
#include <errno.h>
#include "base/arena.h"
#include "runtimes/cpython_container.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_links.h"
#include "runtimes/cpython_objects.h"
#include "runtimes/cpython_traverse.h"
#include "runtimes/cpython_types.h"
#include "runtimes/cpython_visits.h"
#include "scan/blocks.h"
#include "scan/declare.h"

#define TAGS 3ul

static struct {
	uintptr_t from; /* the object's block */
	int err;
} links;

static bool failed(int err)
{
	if (err == -ENOMEM)
		links.err = err;
	return err;
}

static void add_link(uintptr_t at, uintptr_t to)
{
	(void)failed(declare_link(links.from, at, to));
}

static void add_container(const struct container *c, bool visited)
{
	uint32_t i;
	uint64_t k;

	for (i = 0; i < c->parts_n; i++)
		if (c->part[i] != links.from)
			(void)failed(declare_part_leaf(c->part[i], links.from));
	for (i = 0; i < c->spans_n; i++)
		for (k = 0; k < c->span[i].n && !links.err; k++) {
			uintptr_t at = c->span[i].at + k * c->span[i].step;
			uintptr_t to = word_at(at);

			if (!to)
				continue;
			if (visited)
				(void)cpython_visited(to);
			add_link(at, to);
		}
}

/* An object that is told as a part of this one. */
static void add_owned(uintptr_t place, enum cpython_kind kind)
{
	uintptr_t at = place ? word_at(place) : 0;
	const struct cpython_object *o = at ? cpython_object_at(at) : NULL;
	struct container c;

	if (!o || !(o->bits & MARK_OWNED) || object_type(o)->kind != kind)
		return;
	(void)cpython_visited(at);
	if (failed(declare_part_object(o->block, links.from, at,
				       o->bits & MARK_TRACKED)))
		return;
	c = cpython_container(kind, at);
	add_container(&c, false);
}

static void add_words(uintptr_t low, uintptr_t high)
{
	uintptr_t at;

	for (at = low; at + 8 <= high && cpython_visits_left(); at += 8) {
		/* frames have tags in their references, since 3.14 */
		uintptr_t to = word_at(at) & ~TAGS;

		if (cpython_visited(to))
			add_link(at, to);
	}
}

/* What was told as a part is none. */
static bool is_object(uintptr_t block)
{
	const struct cpython_object *o = cpython_object(block);

	return o && !(o->bits & MARK_OWNED);
}

static void add_values(const struct cpython_type *type, uintptr_t at)
{
	uintptr_t block, values = cpython_values(type, at, &block);

	if (!values || block == links.from || is_object(block) ||
	    failed(declare_part_leaf(block, links.from)))
		return;
	add_words(values, block + blocks_size(block));
}

static int add_rest(uintptr_t value, void *data)
{
	(void)data;
	add_link(0, value);
	return links.err;
}

static void add_visited(const struct cpython_type *type, uintptr_t at)
{
	uintptr_t end = links.from + blocks_size(links.from);
	struct container c = cpython_container(type->kind, at);

	add_container(&c, true);
	add_owned(cpython_dict_place(type, at), KIND_DICT);
	if (type->function)
		add_owned(cpython_closure_place(at), KIND_TUPLE);
	if (type->before == 32)
		add_words(at - 32, at - 16);
	add_words(at + OBJECT_TYPE, end);
	add_values(type, at);
	(void)cpython_visits_rest(add_rest, NULL);
	/* these words own nothing, whatever a subclass adds behind them */
	if (type->kind == KIND_WEAK && !type->exact) {
		(void)failed(
			declare_weak(at + WEAK_OBJECT, at + WEAK_CALLBACK));
		(void)failed(declare_weak(at + WEAK_PREVIOUS, at + WEAK_END));
	}
}

/* Whether it is to call C code when its object dies, which may give back the
 * reference that C code has to it meanwhile, in no memory. So pybind11 knows
 * each class of Python that derives from one of its own. What has called has no
 * callback. */
static bool is_left_to_its_callback(uintptr_t at)
{
	uintptr_t callback = word_at(at + WEAK_CALLBACK);

	return is_pointer(callback) && blocks_find(callback) != BLOCK_NONE &&
	       word_at(callback + OBJECT_TYPE) == cpython.c_function;
}

static void add_object(const struct cpython_object *o, struct arena *arena)
{
	const struct cpython_type *type = object_type(o);
	uintptr_t at = object_at(o);
	struct container c;

	links.from = o->block;
	if (type->kind == KIND_WEAK && is_left_to_its_callback(at))
		declare_live(o->block);
	if (type->exact) {
		c = cpython_container(type->kind, at);
		add_container(&c, false);
	} else if (cpython_is_asked(o) && cpython_traverse(o, arena)) {
		add_visited(type, at);
	}
}

int cpython_links(struct arena *arena)
{
	uint32_t i;

	links.err = 0;
	for (i = 0; i < cpython_objects_n && !links.err; i++)
		if (cpython_objects[i].bits & MARK_DECLARED)
			add_object(&cpython_objects[i], arena);
	return links.err;
}

static void own(uintptr_t place, enum cpython_kind kind)
{
	uintptr_t at = place ? word_at(place) : 0;
	struct cpython_object *o =
		is_pointer(at) ? cpython_object_at(at) : NULL;

	if (o && object_type(o)->exact && object_type(o)->kind == kind &&
	    cpython_count(at) == 1 && cpython_container(kind, at).sound)
		o->bits |= MARK_OWNED;
}

/* The first words of values apart are old: an object may have begun there. */
static void own_values(const struct cpython_type *type, uintptr_t at)
{
	uintptr_t block;
	struct cpython_object *o;

	if (!cpython_values(type, at, &block))
		return;
	o = cpython_object(block);
	if (o && object_at(o) != at && object_type(o)->kind == KIND_LEAF)
		o->bits |= MARK_OWNED;
}

void cpython_owned(void)
{
	uint32_t i;

	for (i = 0; i < cpython_objects_n; i++) {
		const struct cpython_object *o = &cpython_objects[i];
		const struct cpython_type *type = object_type(o);

		if (type->exact || type->opaque || !(o->bits & MARK_TRACKED))
			continue;
		own(cpython_dict_place(type, object_at(o)), KIND_DICT);
		own_values(type, object_at(o));
		if (type->function)
			own(cpython_closure_place(object_at(o)), KIND_TUPLE);
	}
}
