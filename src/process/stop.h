/*
 * Stops the program's other threads, unseen by the program, and lets them go
 * on.
 */
#ifndef STOP_H
#define STOP_H

#include <stdint.h>

/* The scan's own lock: one scan, one exec or fork at a time. A thread waits for
 * it outside the guard, so that it can be stopped meanwhile. A thread that
 * holds it may take it again with stop_lock(). */
void stop_lock(void);
int stop_trylock(void); /* 0 when the lock was taken */
int stop_is_held(void); /* by this thread */
void stop_unlock(void);

/* Stops all threads but the caller, by this signal. The caller holds the lock
 * and has every signal blocked. 0: all are stopped until park_close(), and
 * park_list() has them. -EAGAIN: none has parked for 5 ms and one is missing,
 * so all go on; with `insist` the stop goes without it. -EBUSY: one that was
 * missing the last time cannot answer now; nobody was held. */
int stop_threads(int insist, int signal) __attribute__((warn_unused_result));
/* The signals that a thread must let in to be stopped. */
uint64_t stop_mask(void);
/* When the first thread was signalled, in µs. */
uint64_t stop_began_us(void);
/* How many threads did not answer (insist). */
uint32_t stop_missing(void);
/* When there were such: all threads that there were. */
const int32_t *stop_tids(uint32_t *n);

void stop_init(void);
void stop_forked(void);

#endif
