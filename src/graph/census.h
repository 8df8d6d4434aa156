/*
 * A census: how often each of some 64-bit keys came.
 */
#ifndef CENSUS_H
#define CENSUS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/list.h"

struct census_entry {
	uint64_t key;
	uint32_t n;
	uint32_t place; /* in the table */
};

/* Zeroed is empty. */
struct census {
	struct list entries; /* struct census_entry, as they came */
	uint32_t *table;     /* numbers of entries, from 1 on */
	uint32_t size;	     /* of the table, a power of two */
	bool failed;	     /* memory was short */
};

/* The same for the same words; mixed well. */
uint64_t census_key(uint64_t a, uint64_t b, uint64_t c);
/* Counts the key once more. A new key is passed over when there are `most`
 * already, or memory is short. */
void census_count(struct census *census, uint64_t key, uint32_t most);
/* How often the key came. */
uint32_t census_of(const struct census *census, uint64_t key);
/* Makes it empty, or gives its memory back too. */
void census_clear(struct census *census);
void census_free(struct census *census);

#endif
