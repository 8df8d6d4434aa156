/*
 * A scan's child, from its clone until its parent reaps it. Until then it is
 * one of the processes that the program may have, also when it has ended. Under
 * the stop lock, but where it says otherwise.
 */
#ifndef REAP_H
#define REAP_H

#include <stdbool.h>
#include <stdint.h>

/* The child is there. asked: the scan that answers a request, or 0. */
void reap_begin(int32_t pid, uint32_t asked);
/* Reaps the child when it has ended, and charges its cost. False while it is at
 * work. */
bool reap(bool wait);
/* Waits for the child's end, but not long; then ends it. False when there was
 * none. */
bool reap_soon(void);
/* Waits for the child's end, without the lock. */
void reap_await(void);
/* In a forked child: forgets the parent's scan child. */
void reap_forked(void);

/* Any thread. */
bool reap_is_there(void);
bool reap_is_at_work(void); /* asks the kernel */
/* Whether the child has probably ended and reap() is worth a try. True once in
 * a while. */
bool reap_is_due(uint64_t now_us);

#endif
