/*
 * Whether blocks are tracked, and can be believed to be: memory may be too
 * short for their records.
 *
 * Any thread, also in a signal handler.
 */
#ifndef TRACKING_H
#define TRACKING_H

#include <stdbool.h>

/* A block may not have been recorded: no scan may believe the table any more.
 */
void tracking_note_lost(void);
bool tracking_has_lost(void);
/* Nothing is tracked from now on; the tables are about to go. */
void tracking_end(void);
bool tracking_is_over(void);

#endif
