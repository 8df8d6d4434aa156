/*
 * Our own locks: a word and a futex, nothing of libc's. All signals are blocked
 * while one is held. A handler of the program's that allocates would want the
 * lock too, and one that leaves by longjmp would keep it. Hold a lock briefly,
 * and not where much is done. fork takes all locks first.
 *
 * Ranks: a thread may only take a lock of a higher rank than those it holds.
 * Debug builds (debug.h) check it. lock_try is free of that rule.
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lock_rank {
	LOCK_THREAD = 1,
	LOCK_UNWIND,
	LOCK_MODULE,
	LOCK_PYTHON,
	LOCK_NAMES,
	LOCK_REFS,
	LOCK_RECORDS, /* memory for records of refs.h */
	LOCK_HEAP,
	LOCK_RANGES,
};

struct lock {
	uint32_t word; /* 0 free, 1 taken, 2 taken and somebody waits */
	uint32_t rank;
};

#define LOCK_INIT(rank) \
	{               \
		0, rank \
	}

void lock_take(struct lock *lock);
bool lock_try(struct lock *lock) __attribute__((warn_unused_result));
void lock_drop(struct lock *lock);
/*
 * A latch is for tables on a hot path. One atomic step takes it, a plain store
 * drops it, and neither makes a system call. A thread that finds it taken
 * spins, then sleeps a little at a time.
 *
 * Signals stay let in. A handler that meets a latch of its own thread is
 * refused. A handler that leaves by longjmp leaves the latch taken, and
 * latch_recover() finds that.
 *
 * Hold it inside the guard, for a few instructions. No thread holds two at
 * once, except for fork.
 */
struct latch {
	uint32_t word; /* the holder's tid, or 0 */
};

struct latch_thread {
	struct latch *held;
	uint32_t tid; /* 0: not known yet */
};
extern __thread struct latch_thread latch_thread
	__attribute__((tls_model("initial-exec")));

bool latch_wait(struct latch *latch) __attribute__((warn_unused_result));

/* False when this thread holds it already. */
static inline bool __attribute__((warn_unused_result))
latch_take(struct latch *latch)
{
	uint32_t none = 0;

	if ((!latch_thread.tid ||
	     !__atomic_compare_exchange_n(&latch->word, &none, latch_thread.tid,
					  false, __ATOMIC_ACQUIRE,
					  __ATOMIC_RELAXED)) &&
	    !latch_wait(latch))
		return false;
	if (!latch_thread.held)
		latch_thread.held = latch;
	return true;
}

static inline void latch_drop(struct latch *latch)
{
	if (latch_thread.held == latch)
		latch_thread.held = NULL;
	__atomic_store_n(&latch->word, 0, __ATOMIC_RELEASE);
}

/* When the guard is entered from outside, the thread holds no latch: drops one
 * that is still taken. */
static inline void latch_recover(void)
{
	struct latch *held = latch_thread.held;

	if (__builtin_expect(!held, 1))
		return;
	if (held->word == latch_thread.tid)
		latch_drop(held);
	latch_thread.held = NULL;
}

/* In a forked child, before any other latch: the thread has a new number. */
void latch_forked(void);

/* In the snapshot child: frees all locks. A thread that did not stop in time
 * may have left one taken. */
void lock_all_free(void);

#endif
