/*
 * Our own locks: a word and a futex, nothing of libc's. All signals are blocked
 * while one is held: a handler of the program that allocates would want it
 * too, one that leaves by longjmp would keep it. Held briefly, and not where
 * much is done. fork takes them all first.
 *
 * Ranks: a thread may only take a lock of a higher rank than those it holds;
 * asserted unless NDEBUG is set. lock_try is free of that rule.
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>
#include <stdint.h>

enum lock_rank {
	LOCK_STOP = 1,
	LOCK_THREAD,
	LOCK_UNWIND,
	LOCK_MODULE,
	LOCK_REFS,
	LOCK_HEAP,
	LOCK_RANGES,
	LOCK_OUT,
	LOCK_ARENA, /* innermost: anyone may need memory */
};

struct lock {
	uint32_t word; /* 0 free, 1 taken, 2 taken and somebody waits */
	uint32_t rank;
	uint64_t mask; /* the holder's signals, to be restored */
};

#define LOCK_INIT(rank)    \
	{                  \
		0, rank, 0 \
	}

void lock_take(struct lock *lock);
bool lock_try(struct lock *lock) __attribute__((warn_unused_result));
void lock_drop(struct lock *lock);
/*
 * For tables on a hot path: a word alone, no system call. Signals stay let in:
 * a handler that comes upon a latch of its own thread is refused; one that
 * leaves by longjmp leaves the latch taken, to be found by latch_recover().
 * Inside the guard, for a few instructions; two are never held at once but by
 * fork.
 */
struct latch {
	uint32_t word; /* the holder's tid; LATCH_AWAITED beside it */
};

/* False when this very thread holds it. */
bool latch_take(struct latch *latch) __attribute__((warn_unused_result));
void latch_drop(struct latch *latch);
/* On entering the guard from outside: this thread holds none. */
void latch_recover(void);
/* In a forked child, before any other: the thread has another number. */
void latch_forked(void);

/* In the snapshot child, where a thread that did not stop in time may have
 * left one taken: none counts any more. */
void lock_all_free(void);

#endif
