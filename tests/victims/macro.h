/*
 * For the victims that use gordian.h: a counted object, which frees itself with
 * its last reference but releases nothing that it holds.
 */
#ifndef MACRO_H
#define MACRO_H

#include "gordian.h"
#include "victim.h"

struct obj {
	int refs;
	struct obj *first, *second, *parent; /* at 8, 16, 24 */
};

/* Where a macro is not wanted: the count alone. */
static NOINLINE __attribute__((unused)) struct obj *obj_make(void)
{
	struct obj *obj = CALLOC(sizeof(*obj));

	obj->refs = 1;
	return obj;
}

static NOINLINE __attribute__((unused)) struct obj *obj_new(const char *type)
{
	struct obj *obj = CALLOC(sizeof(*obj));

	GORDIAN_OBJECT(obj, type);
	obj->refs = 1;
	return obj;
}

static NOINLINE __attribute__((unused)) struct obj *ref(struct obj *obj)
{
	GORDIAN_REF(obj);
	obj->refs++;
	USE(obj);
	return obj;
}

static NOINLINE __attribute__((unused)) void unref(struct obj *obj)
{
	GORDIAN_UNREF(obj);
	if (!--obj->refs)
		free(obj);
}

/* Under Gordian alone the answer is that; without, it is -1. */
#define MUST_BE(answer, value)                                               \
	do {                                                                 \
		long answer_ = (answer);                                     \
		if (answer_ != (value) && gordian_is_enabled() != -1) {      \
			dprintf(2, "%s:%d: %s is %ld\n", __FILE__, __LINE__, \
				#answer, answer_);                           \
			_exit(5);                                            \
		}                                                            \
	} while (0)

#endif
