/*
 * Which exported function of GLib's an address is in, so that functions that
 * GLib keeps to itself can be told from them.
 *
 * Snapshot child only.
 */
#ifndef GLIB_FUNCTIONS_H
#define GLIB_FUNCTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct symbols_owner;

struct glib_function {
	uintptr_t low, high;
	const char *name;
	uint8_t role; /* for the caller; 0 at first */
};

/* Before the rest. 0 or -ENOMEM. */
int glib_functions_begin(const struct symbols_owner *glib, struct arena *arena)
	__attribute__((warn_unused_result));
/* Whether an address is in GLib's module. */
bool glib_has(uintptr_t address);
/* The function that the address is in; NULL: none that is exported. */
struct glib_function *glib_function_at(uintptr_t address);

#endif
