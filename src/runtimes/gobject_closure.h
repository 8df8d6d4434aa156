/*
 * GLib's closures in the frozen memory: what they hold.
 *
 * Snapshot child only.
 */
#ifndef GOBJECT_CLOSURE_H
#define GOBJECT_CLOSURE_H

#include <stdbool.h>
#include <stdint.h>
#include "runtimes/gobject_form.h"

struct symbols_owner;

/* Before the rest. Among a closure's notifiers, GObject's own functions own
 * nothing, and GLib's known ones give a reference back. */
void gobject_closure_begin(const struct symbols_owner *gobject,
			   const struct symbols_owner *glib);
/* Reads the closure at that address. False: there is none. */
bool gobject_closure_read(uintptr_t at, struct form_closure *out);
/* Declares a closure, and what it owns. The second time nothing happens. 0 or
 * -ENOMEM. */
int gobject_closure_declare(uintptr_t at) __attribute__((warn_unused_result));
/* Whether a block is one that was declared so. */
bool gobject_closure_is(uintptr_t block);

#endif
