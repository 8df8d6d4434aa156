/*
 * See lock.h. The futex protocol is Drepper's third mutex.
 */
#include <stddef.h>
#include "base/debug.h"
#include "base/lock.h"
#include "base/sys.h"

#define FUTEX_WAIT_PRIVATE 128
#define FUTEX_WAKE_PRIVATE 129

#ifdef GORDIAN_DEBUG
/* The ranks that this thread holds, one bit each. */
static __thread uint32_t held __attribute__((tls_model("initial-exec")));

static void held_check(const struct lock *lock)
{
	debug_check(!(
		held >>
		lock->rank)); /* otherwise it is taken out of order, or twice */
}

static void held_set(const struct lock *lock)
{
	held |= 1u << lock->rank;
}

static void held_clear(const struct lock *lock)
{
	debug_check(held & 1u << lock->rank);
	held &= ~(1u << lock->rank);
}
#else
#define held_check(lock) ((void)(lock))
#define held_set(lock) ((void)(lock))
#define held_clear(lock) ((void)(lock))
#endif

static bool alone;

static bool try(struct lock *lock)
{
	uint32_t none = 0;

	return __atomic_compare_exchange_n(&lock->word, &none, 1, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* How many locks this thread holds, and the signals that it blocked before the
 * first. fork takes all locks, and so blocks signals once. */
static __thread struct {
	uint64_t mask;
	uint32_t depth;
} own __attribute__((tls_model("initial-exec")));

static void block(void)
{
	uint64_t mask;

	if (!own.depth) {
		sys_set_mask(UINT64_MAX, &mask);
		own.mask = mask;
	}
	own.depth++;
}

static void let_in(void)
{
	uint64_t mask = own.mask;

	if (!--own.depth)
		sys_set_mask(mask, NULL);
}

bool lock_try(struct lock *lock)
{
	if (alone)
		return true;
	block();
	if (try(lock)) {
		held_set(lock);
		return true;
	}
	let_in();
	return false;
}

static void wait(struct lock *lock)
{
	for (int i = 0; i < 100; i++) {
		if (!__atomic_load_n(&lock->word, __ATOMIC_RELAXED) &&
		    try(lock))
			return;
		__builtin_ia32_pause();
	}
	while (__atomic_exchange_n(&lock->word, 2, __ATOMIC_ACQUIRE))
		sys(SYS_futex, &lock->word, FUTEX_WAIT_PRIVATE, 2, 0);
}

void lock_take(struct lock *lock)
{
	if (alone)
		return;
	held_check(lock);
	block();
	wait(lock);
	held_set(lock);
}

void lock_drop(struct lock *lock)
{
	if (alone)
		return;
	held_clear(lock);
	if (__atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE) == 2)
		sys(SYS_futex, &lock->word, FUTEX_WAKE_PRIVATE, 1);
	let_in();
}

__thread struct latch_thread latch_thread
	__attribute__((tls_model("initial-exec")));

static bool latch_try(struct latch *latch)
{
	uint32_t none = 0;

	return !__atomic_load_n(&latch->word, __ATOMIC_RELAXED) &&
	       __atomic_compare_exchange_n(&latch->word, &none,
					   latch_thread.tid, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* Sleeps rather than yields: the holder may have a lower priority. */
bool latch_wait(struct latch *latch)
{
	const int64_t nap[2] = {0, 50000};
	int i;

	if (!latch_thread.tid)
		latch_thread.tid = sys(SYS_gettid);
	for (i = 0; !latch_try(latch); i++) {
		if (alone)
			return true;
		if (__atomic_load_n(&latch->word, __ATOMIC_RELAXED) ==
		    latch_thread.tid)
			return false;
		if (i >= 100)
			sys(SYS_nanosleep, nap, 0);
		__builtin_ia32_pause();
	}
	return true;
}

void latch_forked(void)
{
	latch_thread.tid = 0;
}

void lock_all_free(void)
{
	alone = true;
}
