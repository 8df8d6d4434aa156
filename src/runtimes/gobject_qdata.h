/*
 * What GLib keeps with an object by a key: the program's data, and GLib's own
 * lists of who is to be told when the object ends, which own nothing.
 *
 * Snapshot child only.
 */
#ifndef GOBJECT_QDATA_H
#define GOBJECT_QDATA_H

#include <stdint.h>
#include "runtimes/gobject_form.h"

/* nullify: g_nullify_pointer() of the program, or 0. */
void gobject_qdata_begin(uintptr_t nullify);
/* Declares what is known of the data of the object at that address in a block.
 * 0 or -ENOMEM. */
int gobject_qdata_declare(uintptr_t block, uintptr_t instance,
			  const struct form_object *object)
	__attribute__((warn_unused_result));

#endif
