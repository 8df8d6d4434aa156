/*
 * A clone does not freeze memory that is shared with other processes. The child
 * copies it while the program's threads stand still, when that is quick.
 */
#ifndef FREEZE_H
#define FREEZE_H

#include <stdbool.h>
#include <stdint.h>

enum freeze {
	FREEZE_NONE,  /* there is nothing to do */
	FREEZE_BEGUN, /* the child copies, the program waits */
	FREEZE_DONE,
	FREEZE_LATE,   /* the program did not wait any longer */
	FREEZE_PARTLY, /* there was too much */
};

/* The program's side, around the clone. The program waits longer for a scan
 * that is awaited. */
void freeze_begin(uint32_t *state);
void freeze_wait(uint32_t *state, bool awaited);
/* The child's side, first of all. From here on the copy is in the place of what
 * is shared. */
void freeze(uint32_t *state, bool awaited);

#endif
