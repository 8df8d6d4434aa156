/*
 * GLib's names in the frozen memory.
 *
 * Snapshot child only.
 */
#ifndef GOBJECT_QUARK_H
#define GOBJECT_QUARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* g_quark_to_string() of the program; 0: there are no names. */
void gobject_quark_begin(uintptr_t to_string);
/* Copies a quark's string. Its length; 0: there is none, or it is no name. */
size_t gobject_quark(uint32_t quark, char *room, size_t size);
/* Copies the string at an address, likewise. */
size_t gobject_string(uintptr_t at, char *room, size_t size);

/* Whether that array, of n words, has the names of the first quarks. */
bool gobject_quark_array(uintptr_t at, uint32_t n);

#endif
