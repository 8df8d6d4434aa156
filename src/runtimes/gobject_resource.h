/*
 * Descriptors that GIO's objects keep open.
 *
 * Snapshot child only.
 */
#ifndef GOBJECT_RESOURCE_H
#define GOBJECT_RESOURCE_H

#include <stdint.h>
#include "runtimes/gobject_types.h"

/* The descriptor of the instance in a block, or -1. */
int gobject_descriptor(uintptr_t block, const struct gobject_type *type);

#endif
