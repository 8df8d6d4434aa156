/*
 * Whether blocks are tracked, and whether every block is: memory may be too
 * short for their records.
 *
 * Any thread, also in a signal handler.
 */
#ifndef TRACKING_H
#define TRACKING_H

#include <stdbool.h>

/* Notes that a block may not have been recorded: no scan may believe the table
 * any more. */
void tracking_note_lost(void);
bool tracking_has_lost(void);
/* From now on nothing is tracked. The tables are about to go. */
void tracking_end(void);
bool tracking_is_over(void);

#endif
