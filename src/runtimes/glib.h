/*
 * GLib: main contexts, sources of events, and other counted memory that is no
 * GObject.
 */
#ifndef GLIB_H
#define GLIB_H

#include "scan/runtime.h"

extern const struct runtime runtime_glib __attribute__((visibility("hidden")));

#endif
