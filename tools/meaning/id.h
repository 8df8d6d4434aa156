/*
 * Ids, which people and other reports name findings by.
 */
#ifndef ID_H
#define ID_H

#include <stddef.h>
#include <stdint.h>

struct report;

/* The id of the place'th, from 0, of those with this hash. In the report's
 * memory. */
const char *id_make(struct report *report, uint64_t hash, size_t place);

#endif
