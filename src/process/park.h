/*
 * The place where threads wait while they are stopped. A stopping thread, which
 * holds the stop lock, opens it and closes it again; the others come to it from
 * the signal's handler, or on leaving the guard.
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
/* The signal has come, and the thread will park later; false when no stop is
 * on any more. */
bool park_noted(void);

/* What follows is for the stopping thread. */
void park_forked(void);
/* Nobody is there, or about to leave. */
bool park_is_empty(void);
/* Threads that come wait from now on; those that come after park_turn() are the
 * first to be woken. 0 or -ENOMEM. */
int park_open(void) __attribute__((warn_unused_result));
void park_turn(void);
uint32_t park_count(void);
/* Sleeps until so many have come, or for so long; how many have. */
uint32_t park_expect(uint32_t wanted, int64_t ns);
/* All go on. */
void park_close(void);
/* After a clone: gives them their own copy of the pages to which each is about
 * to write, where that is still cheap. */
void park_unshare(void);
/* After the last stop: gives its memory back, once all have gone on. */
void park_stop(void);
const struct stopped *park_list(uint32_t *n);

/* By number: the signal is about to be sent, or could not be; it is on its
 * way, also from an earlier stop; the thread has come. */
void park_mark_sent(int32_t tid, bool sent);
bool park_is_sent(int32_t tid);
bool park_has(int32_t tid);

#endif
