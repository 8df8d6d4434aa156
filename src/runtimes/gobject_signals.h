/*
 * GLib's tables of signals and their handlers, found in the frozen memory.
 *
 * Snapshot child only.
 */
#ifndef GOBJECT_SIGNALS_H
#define GOBJECT_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Looks whether GLib's variable at that address is one of the tables, and
 * remembers it. direct is the address of g_direct_hash(). */
void gobject_signals_read(uintptr_t at, uintptr_t direct);
/* Calls visit for each instance that has handlers: with its block, where the
 * array of its lists is, and which words of the table lead to it and to the
 * array. */
struct gobject_entry {
	uintptr_t instance, block, lists;
	uintptr_t key, value; /* addresses of words ... */
	uint32_t key_size, value_size;
	uintptr_t hash; /* the address of 32 bits that are an address, too,
			   where the heap is low */
};
void gobject_signals_each(void (*visit)(const struct gobject_entry *entry));
/* Calls visit for each word of the table of all handlers that leads to the
 * handler of an instance. */
void gobject_handlers_each(void (*visit)(uintptr_t at, uint32_t size));
/* Calls visit for the handlers in an array of lists, with their blocks. */
void gobject_lists_each(const struct gobject_entry *entry,
			void (*visit)(const struct gobject_entry *entry,
				      uintptr_t handler));
/* Writes "<signal notify::title>", or "<signal>" when the name is unknown. */
size_t gobject_signal_name(uint32_t signal, uint32_t detail, char *room,
			   size_t size);

#endif
