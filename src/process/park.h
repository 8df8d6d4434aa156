/*
 * The place where threads wait while they are stopped. The stopping thread,
 * which holds the stop lock, opens it and closes it again. The others come from
 * the signal's handler, or when they leave the guard.
 */
#ifndef PARK_H
#define PARK_H

#include <stdbool.h>
#include <stdint.h>
#include "process/stopped.h"

#define PARK_TIDS (1 << 22) /* Linux, PID_MAX_LIMIT */

/* The calling thread waits until the place is closed, with all signals
 * blocked. */
void park(const struct stopped *where);
/* Notes that the signal has come and the thread will park later; false when no
 * stop is on any more. */
bool park_noted(void);

/* What follows is for the stopping thread. */
void park_forked(void);
/* Whether nobody is parked or about to leave. */
bool park_is_empty(void);
/* Threads that come wait from now on. Those that come after park_turn() are
 * woken first. 0 or -ENOMEM. */
int park_open(void) __attribute__((warn_unused_result));
void park_turn(void);
uint32_t park_count(void);
/* Sleeps until so many threads have come, but no longer than that. How many
 * have come. */
uint32_t park_expect(uint32_t wanted, int64_t ns);
/* Lets all threads go on. */
void park_close(void);
/* After a clone: gives the threads their own copies of the pages to which each
 * is about to write, while that is still cheap. */
void park_unshare(void);
/* After the last stop: gives the memory back, once all threads have gone on. */
void park_stop(void);
const struct stopped *park_list(uint32_t *n);

/* For a thread's number: park_mark_sent(): the signal is about to be sent, or
 * could not be. park_is_sent(): it is on its way, perhaps since an earlier
 * stop. park_has(): the thread has come. */
void park_mark_sent(int32_t tid, bool sent);
bool park_is_sent(int32_t tid);
bool park_has(int32_t tid);

#endif
