/*
 * Static variables.
 */
#ifndef VARIABLE_H
#define VARIABLE_H

#include <stdint.h>

struct frame;
struct report;
struct type;

struct variable_found {
	const char *name;	 /* as in the source; NULL: none is known */
	const struct type *type; /* or NULL */
	uint64_t inside;	 /* how far into it the address is */
};

/* Its name alone, "cache"; NULL: none is known. */
const char *variable_name(struct report *report, const struct frame *place);
/* The variable at an address of a module; what is not known is 0. The module
 * stays open. It reads the units' variables once for each call. */
struct variable_found variable_at(struct report *report,
				  const struct frame *place);

#endif
