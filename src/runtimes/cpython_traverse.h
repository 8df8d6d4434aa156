/*
 * What CPython's collector would be told of an object: the values that its
 * type's tp_traverse visits. It is the type's own code, called in a copy of the
 * snapshot child: such code may change what it looks at. A type whose code
 * faults, does not end or visits what is no object is not called again; a
 * warning names it.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_TRAVERSE_H
#define CPYTHON_TRAVERSE_H

#include <stdbool.h>

struct arena;
struct cpython_object;

/* Whether the object's type is to be called. */
bool cpython_is_asked(const struct cpython_object *o);
/* Of such an object, in order of their blocks: its visits (cpython_visits.h).
 * False: there are none that are of use. */
bool cpython_traverse(const struct cpython_object *o, struct arena *arena);

#endif
