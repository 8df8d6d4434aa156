/*
 * A scan's child from its clone to the moment when its parent has taken leave
 * of it. Until then it is one of the processes that the program may have, also
 * when it has ended. Under the stop lock, but where it says otherwise.
 */
#ifndef REAP_H
#define REAP_H

#include <stdbool.h>
#include <stdint.h>

/* asked: the scan that answers a request, or 0. */
void reap_begin(int32_t pid, uint32_t asked);
/* Takes leave of it when it has ended, and charges what it cost: false while it
 * is at work. */
bool reap(bool wait);
/* Waits for its end, but not long; then ends it. False: there was none. */
bool reap_soon(void);
/* Waits for its end without the lock. */
void reap_await(void);
/* A forked child: its parent's is no business of its own. */
void reap_forked(void);

/* Any thread. */
bool reap_is_there(void);
bool reap_is_at_work(void); /* asks the kernel */
/* It has probably ended: whether to try. Says so once in a while. */
bool reap_is_due(uint64_t now_us);

#endif
