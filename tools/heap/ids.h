/*
 * Ids of 32 bits, each given once.
 */
#ifndef IDS_H
#define IDS_H

#include <stdint.h>

/* All zeros at first. */
struct ids {
	uint32_t *list; /* open addressing */
	uint64_t room, n;
};

/* That id or, when it was given before, one near it. The least ones are left to
 * the caller. */
#define IDS_LEAST 1024
uint32_t ids_take(struct ids *ids, uint32_t id);
void ids_free(struct ids *ids);

#endif
