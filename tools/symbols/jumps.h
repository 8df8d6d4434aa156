/*
 * Calls as they stand in the code, where debug information does not describe
 * them.
 */
#ifndef JUMPS_H
#define JUMPS_H

#include <stdbool.h>
#include <stdint.h>

struct symbols;

/* A jump out of a function: a call that ends it. */
struct jump {
	uint64_t address;
	uint64_t target;  /* in this module; 0: elsewhere */
	const char *name; /* of what is elsewhere, as in symbol tables */
};

typedef void jump_fn(const struct jump *jump, void *data);

/* Calls visit for each jump from the code of [start, end) to outside of it. */
void jumps_each(struct symbols *symbols, uint64_t start, uint64_t end,
		jump_fn *visit, void *data);
/* Where the call leads whose last byte is at address; 0: that is not known. */
uint64_t call_leads(struct symbols *symbols, uint64_t address);

#endif
