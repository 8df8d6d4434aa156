/*
 * Main contexts of GLib and their sources: who holds whom.
 *
 * Snapshot child only.
 */
#ifndef GLIB_MAIN_H
#define GLIB_MAIN_H

#include <stdbool.h>
#include <stdint.h>

struct symbols_owner;

/* Declares that GLib's list of contexts owns none. 0 or -ENOMEM. */
int glib_list_declare(const struct symbols_owner *glib)
	__attribute__((warn_unused_result));
/* Declares a context and what it owns. 0 or -ENOMEM. */
int glib_context_declare(uintptr_t context) __attribute__((warn_unused_result));
/* Declares what words of a source own. Its object is declared apart. 0 or
 * -ENOMEM. */
int glib_source_declare(uintptr_t source) __attribute__((warn_unused_result));

#endif
