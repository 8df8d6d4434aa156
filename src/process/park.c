/*
 * See park.h. Threads wait on one word, the number of the stop, which is odd
 * while the stop is on. They write nothing once they are let go: the snapshot
 * shares every page then, and a copy, of which the other processors have to be
 * told, costs more than all the rest of their way.
 *
 * A thread that is counted stands still. It blocks its signals before it looks
 * at the number. So no second signal of ours makes it come twice, and no
 * handler of the program's runs while it waits. A place counts for the stop
 * that the thread has seen, and for no later one.
 */
#include <errno.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/sys.h"
#include "process/park.h"
#include "process/stopped.h"

#define ROOM 65536	  /* threads */
#define ROOM_LEAST 256	  /* where memory has no room for so many */
#define STACK_LEAST 16384 /* of each thread, at least */
#define MARKS 4096	  /* on a page of them */
#define FEW 256		  /* threads that have room without any memory */
#define LEFT 8		  /* older lists to which threads may still write */
#define PAGE 4096ul
#define IDLE_TRIES 500

/* The mark of a thread's number. MARK_SENT: the signal was sent and has not
 * arrived, so no second one is queued. 1 to 127: it arrived in the stop with
 * this number. Anything else: it is to be sent. A stale mark costs one look. */
#define MARK_SENT 0x80

/* The bits of the futex with which threads wait. */
#define WAKE_SECOND 1
#define WAKE_FIRST 2

/* glibc's descriptor, at the thread pointer. The kernel writes to it whenever a
 * thread has been off its processor (rseq). */
#define DESCRIPTOR 2304
#define NEAR 512 /* bytes of a frame, or of variables below it */
#define SHALLOW (4 * PAGE)

static struct {
	uint32_t round;
	uint32_t
		wanted; /* the thread that takes this place wakes the stopper */
	uint32_t turn;	/* WAKE_… for threads that come now */
	uint32_t busy;	/* threads in park() */
	uint64_t claimed; /* round << 32 | places in the list, ... */
	uint64_t parked;  /* ... and how many of them are filled */
	uint32_t room;	  /* of the list */
	struct stopped *list;
	uint32_t left_n;
	struct stopped *left[LEFT]; /* lists of earlier stops */
} here;
static struct stopped few[FEW] LARGE; /* where memory is short */
static uint8_t
	*marks[PARK_TIDS / MARKS] LARGE; /* pages, made as they are used */

/* As many threads as the limit of the address space has room for. */
static uint32_t threads_most(void)
{
	uint64_t limit[2] = {UINT64_MAX, 0}, most;

	sys(SYS_prlimit64, 0, RLIMIT_AS, 0, limit);
	most = limit[0] / STACK_LEAST;
	return most > ROOM ? ROOM : most < ROOM_LEAST ? ROOM_LEAST : most;
}

/* Makes room for the first stop, with nobody parked. Most programs are never
 * stopped. */
static void make_room(void)
{
	uint32_t room = threads_most();
	struct stopped *list = arena_map(room * sizeof *list);

	here.list = list ? list : few;
	here.room = list ? room : FEW;
}

/* The mark of a thread. Without memory it is one that belongs to no thread,
 * which costs a look too many. */
static uint8_t *mark_at(int32_t tid)
{
	static uint8_t none;
	uint8_t **place = &marks[tid / MARKS], *seen = NULL, *page;

	page = __atomic_load_n(place, __ATOMIC_ACQUIRE);
	if (page)
		return &page[tid % MARKS];
	page = arena_map(MARKS);
	if (!page)
		return &none;
	if (__atomic_compare_exchange_n(place, &seen, page, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return &page[tid % MARKS];
	arena_unmap(page, MARKS);
	return &seen[tid % MARKS];
}

void park_forked(void)
{
	here.round = 0;
	here.busy = 0;
	here.claimed = 0;
	here.parked = 0;
}

/* 1 to 127, for an odd round. */
static uint8_t mark_of(uint32_t round)
{
	return (round >> 1) % 127 + 1;
}

/* Notes that the signal has arrived. True while a stop is on. */
static bool arrive(int32_t tid, uint32_t round)
{
	bool on = round & 1;

	if (tid < PARK_TIDS)
		__atomic_store_n(mark_at(tid), on ? mark_of(round) : 0,
				 __ATOMIC_SEQ_CST);
	return on;
}

bool park_noted(void)
{
	return arrive(sys(SYS_gettid),
		      __atomic_load_n(&here.round, __ATOMIC_SEQ_CST));
}

/* Counts one more for this round. How many were there before, or -1 when the
 * round is over. */
static int64_t count(uint64_t *counter, uint32_t round)
{
	uint64_t n = __atomic_load_n(counter, __ATOMIC_SEQ_CST);

	do {
		if (n >> 32 != round)
			return -1;
	} while (!__atomic_compare_exchange_n(
		counter, &n, n + 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	return (uint32_t)n;
}

/* Puts the thread in the list of this round. True when it is there. */
static bool enlist(const struct stopped *where, uint32_t round)
{
	struct stopped *list = __atomic_load_n(&here.list, __ATOMIC_ACQUIRE);
	int64_t at = count(&here.claimed, round);

	if (at < 0)
		return false;
	if (at < here.room)
		list[at] = *where;
	at = count(&here.parked, round) + 1;
	if (at == __atomic_load_n(&here.wanted, __ATOMIC_SEQ_CST))
		sys(SYS_futex, &here.parked, FUTEX_WAKE_PRIVATE, 1);
	return at > 0;
}

static void wait_here(const struct stopped *where)
{
	uint32_t round = __atomic_load_n(&here.round, __ATOMIC_SEQ_CST);
	uint32_t turn = __atomic_load_n(&here.turn, __ATOMIC_RELAXED);

	if (!arrive(where->tid, round) || !enlist(where, round))
		return;
	while (__atomic_load_n(&here.round, __ATOMIC_ACQUIRE) == round)
		sys(SYS_futex, &here.round, FUTEX_WAIT_BITSET_PRIVATE, round, 0,
		    0, turn);
}

void park(const struct stopped *where)
{
	uint64_t old;

	sys_set_mask(UINT64_MAX, &old);
	__atomic_fetch_add(&here.busy, 1, __ATOMIC_SEQ_CST);
	wait_here(where);
	__atomic_fetch_sub(&here.busy, 1, __ATOMIC_SEQ_CST);
	sys_set_mask(old, NULL);
}

bool park_is_empty(void)
{
	return !__atomic_load_n(&here.busy, __ATOMIC_SEQ_CST);
}

/* A thread that still leaves an earlier stop may write to that stop's list. The
 * list is given back when no thread does. */
static struct stopped *list_for_stop(void)
{
	size_t size = here.room * sizeof *here.list;
	struct stopped *list;

	if (park_is_empty()) {
		while (here.left_n)
			arena_unmap(here.left[--here.left_n], size);
		if (!here.list || here.list == few)
			make_room();
		return here.list;
	}
	list = here.left_n < LEFT && here.list != few ? arena_map(size) : NULL;
	if (list)
		here.left[here.left_n++] = here.list;
	return list;
}

int park_open(void)
{
	struct stopped *list = list_for_stop();
	uint64_t round = __atomic_load_n(&here.round, __ATOMIC_SEQ_CST) + 1;

	if (!list)
		return -ENOMEM;
	__atomic_store_n(&here.list, list, __ATOMIC_RELEASE);
	__atomic_store_n(&here.claimed, round << 32, __ATOMIC_SEQ_CST);
	__atomic_store_n(&here.parked, round << 32, __ATOMIC_SEQ_CST);
	here.turn = WAKE_SECOND;
	__atomic_store_n(&here.round, (uint32_t)round, __ATOMIC_SEQ_CST);
	return 0;
}

void park_turn(void)
{
	__atomic_store_n(&here.turn, WAKE_FIRST, __ATOMIC_RELAXED);
}

uint32_t park_count(void)
{
	return (uint32_t)__atomic_load_n(&here.parked, __ATOMIC_SEQ_CST);
}

uint32_t park_expect(uint32_t wanted, int64_t ns)
{
	int64_t t[2] = {0, ns};
	uint32_t parked;

	__atomic_store_n(&here.wanted, wanted, __ATOMIC_SEQ_CST);
	parked = park_count();
	if (parked < wanted)
		sys(SYS_futex, &here.parked, FUTEX_WAIT_PRIVATE, parked, t);
	return park_count();
}

static void wake(uint32_t turn)
{
	sys(SYS_futex, &here.round, FUTEX_WAKE_BITSET_PRIVATE, INT32_MAX, 0, 0,
	    turn);
}

void park_close(void)
{
	__atomic_fetch_add(&here.round, 1, __ATOMIC_ACQ_REL);
	wake(WAKE_FIRST);
	wake(WAKE_SECOND);
}

const struct stopped *park_list(uint32_t *n)
{
	uint32_t parked = park_count();

	*n = parked < here.room ? parked : here.room;
	return here.list;
}

/* Only pages that are there: the program itself may fill in the others
 * (userfaultfd), with a thread that stands still. Does nothing where the kernel
 * cannot (before Linux 5.14). */
static void unshare(uintptr_t low, uintptr_t high)
{
	uint8_t there[SHALLOW / PAGE + 1];
	uintptr_t at, end;

	low &= -PAGE;
	if (sys_failed(sys(SYS_mincore, low, high - low, there)))
		return;
	for (at = low; at < high; at = end + PAGE) {
		for (end = at; end < high && there[(end - low) / PAGE] & 1;)
			end += PAGE;
		if (end > at)
			sys(SYS_madvise, at, end - at, MADV_POPULATE_WRITE);
	}
}

/* A thread's innermost frames, its variables and its descriptor; and all
 * between them for a thread that has hardly begun and waits for work. */
void park_unshare(void)
{
	uint32_t i, n;
	const struct stopped *at = park_list(&n);

	for (i = 0; i < n; i++, at++) {
		uintptr_t low = at->pointer - NEAR;
		uintptr_t high = at->pointer + DESCRIPTOR;

		if (high - at->sp <= SHALLOW)
			low = at->sp;
		else
			unshare(at->sp, at->sp + NEAR);
		unshare(low, high);
	}
}

void park_mark_sent(int32_t tid, bool sent)
{
	__atomic_store_n(mark_at(tid), sent ? MARK_SENT : 0, __ATOMIC_SEQ_CST);
}

bool park_is_sent(int32_t tid)
{
	return __atomic_load_n(mark_at(tid), __ATOMIC_SEQ_CST) == MARK_SENT;
}

bool park_has(int32_t tid)
{
	return *mark_at(tid) == mark_of(here.round);
}

void park_stop(void)
{
	int tries;

	for (tries = 0; !park_is_empty(); tries++) {
		if (tries == IDLE_TRIES)
			return;
		sys_pause_us(100);
	}
	if (here.list != few)
		arena_unmap(here.list, here.room * sizeof *here.list);
	here.list = NULL;
	here.room = 0;
}
