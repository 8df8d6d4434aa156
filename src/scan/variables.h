/*
 * The variables of a library, which it need not export: its segments that can
 * be written.
 *
 * Snapshot child only.
 */
#ifndef VARIABLES_H
#define VARIABLES_H

#include <stdint.h>

struct symbols_owner;

/* Calls visit with the address of each word of them. Nothing is called for
 * segments of more than four megabytes, or when it is no such file. */
void variables_each(const struct symbols_owner *owner,
		    void (*visit)(uintptr_t at));

#endif
