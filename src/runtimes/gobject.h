/*
 * GObject: classes, instances, their counts, and what signal handlers hold.
 */
#ifndef GOBJECT_H
#define GOBJECT_H

#include "scan/runtime.h"

extern const struct runtime runtime_gobject
	__attribute__((visibility("hidden")));

#endif
