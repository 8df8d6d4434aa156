/*
 * CPython: what it counts, and what its collector would free by itself
 * (doc/design/runtimes.md).
 */
#include <errno.h>
#include "base/arena.h"
#include "runtimes/cpython.h"
#include "runtimes/cpython_bound.h"
#include "runtimes/cpython_buffer.h"
#include "runtimes/cpython_code.h"
#include "runtimes/cpython_collector.h"
#include "runtimes/cpython_container.h"
#include "runtimes/cpython_ends.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_links.h"
#include "runtimes/cpython_name.h"
#include "runtimes/cpython_objects.h"
#include "runtimes/cpython_spare.h"
#include "runtimes/cpython_text.h"
#include "runtimes/cpython_types.h"
#include "scan/declare.h"
#include "scan/declared.h"
#include "scan/runtime.h"

static enum known known;

static bool is_here(void)
{
	known = cpython_find();
	return known != KNOWN_ABSENT;
}

static uint32_t flags_of(const struct cpython_object *o)
{
	const struct cpython_type *type = object_type(o);
	uint32_t flags = DECLARED_EXACT;

	if (type->exact && cpython_container(type->kind, object_at(o)).sound)
		flags |= type->kind == KIND_LEAF
				 ? DECLARED_WHOLE | DECLARED_LEAF
				 : DECLARED_WHOLE;
	if (o->bits & MARK_TRACKED)
		flags |= DECLARED_LISTED;
	if (o->bits & MARK_TRACKED && !(o->bits & MARK_FROZEN) &&
	    !type->opaque && !word_at(type->at + TYPE_DEL))
		flags |= DECLARED_COLLECTED;
	return flags;
}

static int declare_objects(void)
{
	uint32_t i;
	int err = 0;

	for (i = 0; i < cpython_objects_n && err != -ENOMEM; i++) {
		struct cpython_object *o = &cpython_objects[i];
		struct declared_object object = {
			.block = o->block,
			.at = object_at(o),
			.count = cpython_count(object_at(o)),
			.flags = flags_of(o),
		};

		if (o->bits & MARK_OWNED)
			continue;
		err = declare_object(&object);
		if (!err)
			o->bits |= MARK_DECLARED;
	}
	return err == -ENOMEM ? err : 0;
}

static int declare_all(struct arena *arena)
{
	int err;

	cpython_owned();
	err = declare_objects();
	if (!err)
		err = cpython_links(arena);
	if (!err)
		err = cpython_bound();
	if (!err)
		err = cpython_stacks();
	if (!err)
		err = cpython_code();
	if (!err)
		err = cpython_buffers();
	return err ? err : cpython_spare();
}

/* What cannot be understood is not declared: then it is memory like any. */
static int look(struct arena *arena)
{
	int err;

	cpython_types_begin(arena);
	err = cpython_objects_find();
	if (err)
		return err;
	switch (cpython_collectors()) {
	case COLLECTOR_KNOWN:
		return declare_all(arena);
	case COLLECTOR_NONE:
	case COLLECTOR_BUSY:
		break;
	case COLLECTOR_UNKNOWN:
		runtime_warn("the layout of Python's collector is not known: "
			     "its objects are not looked at");
		break;
	case COLLECTOR_ELSEWHERE:
		runtime_warn("Python's own allocator is on: set "
			     "PYTHONMALLOC=malloc to find leaked objects");
		break;
	}
	return 0;
}

struct run {
	struct arena *arena;
	int err;
};

static void run(void *data)
{
	struct run *r = data;

	r->err = look(r->arena);
}

static int declare(struct arena *arena)
{
	struct run r = {arena, 0};

	if (known != KNOWN) {
		runtime_warn("this version of Python is not known: its "
			     "objects are not looked at");
		return 0;
	}
	cpython_run(run, &r);
	return r.err;
}

const struct runtime cpython_runtime = {
	.name = "python",
	.is_here = is_here,
	.declare = declare,
	.type = cpython_type_name,
	.field = cpython_field_name,
	.finalizer = cpython_finalizer,
	.reason = cpython_reason,
	.resources = cpython_resources,
};
