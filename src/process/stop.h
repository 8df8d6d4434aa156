/*
 * Stopping the program's other threads without its noticing, and letting them
 * go on.
 */
#ifndef STOP_H
#define STOP_H

#include <stdbool.h>
#include <stdint.h>
#include "base/out.h"

/* The scan's own lock: one scan, one exec or fork at a time. Waiting is done
 * outside the guard, so that a waiting thread can be stopped itself. A thread
 * may take it again with stop_lock(). */
void stop_lock(void);
int stop_trylock(void); /* 0 when taken */
int stop_is_held(void); /* by this thread */
void stop_unlock(void);

/* All threads but the caller, which holds the lock and has every signal
 * blocked, by this signal. 0; -EAGAIN when none has parked for 5 ms and one is
 * missing (all go on), unless `insist`, which goes without it; -EBUSY when one
 * that was missing the last time cannot answer now (nobody was held). After
 * success: park_list(), until park_close(). */
int stop_threads(int insist, int signal) __attribute__((warn_unused_result));
/* After the clone: no thread ran meanwhile that was counted as asleep. */
bool stop_is_sure(void);
/* Which signals a thread must let in that is to be stopped. */
uint64_t stop_mask(void);
/* When the first one was signalled. */
uint64_t stop_began_us(void);
/* Threads that were there but did not answer (insist). */
uint32_t stop_missing(void);
/* If there were such: all that there were. */
const int32_t *stop_tids(uint32_t *n);
/* Who did not answer, and why: "thread 12 (name) is stopped". */
void stop_explain(struct text *text);

void stop_init(void);
void stop_forked(void);

#endif
