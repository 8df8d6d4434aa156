/*
 * Records of threads. The list only grows, at its head, without a lock. A
 * record whose thread has ended is given to a new thread, under a lock that is
 * taken inside the guard or before the guard is entered for the first time.
 */
#include <pthread.h>
#include <sys/single_threaded.h>
#include "base/arena.h"
#include "base/lock.h"
#include "base/sys.h"
#include "heap/range.h"
#include "process/altstack.h"
#include "process/library.h"
#include "process/pid.h"
#include "process/tally.h"
#include "process/thread.h"
#include "stack/memo.h"

__thread struct thread *thread_self __attribute__((tls_model("initial-exec")));

static struct thread *all;
static struct lock lock = LOCK_INIT(LOCK_THREAD);
static bool forgotten;	       /* no records are made any more */
static bool lacking;	       /* there was no memory for one */
static uint32_t records, live; /* live: as of the last sweep */

struct thread *thread_first(void)
{
	return __atomic_load_n(&all, __ATOMIC_ACQUIRE);
}

uint64_t thread_captures(void)
{
	uint64_t sum = tally_captures();
	const struct thread *t;

	for (t = thread_first(); t; t = t->next)
		sum += tally_left(&t->tally);
	return sum;
}

static bool thread_is_gone(const struct thread *t)
{
	return sys(SYS_tgkill, pid_own(), t->tid, 0) == -3 /* ESRCH */;
}

/* The stack of an ended thread stays mapped for the next one, full of stale
 * words. Only what is from its descriptor upwards is read. */
static void thread_retire(struct thread *t)
{
	if (t->stack_high && t->descriptor && !t->own_stack)
		ranges_add(&ranges_ended, t->stack_low, t->descriptor);
	tally_flush(&t->tally);
	t->tid = 0;
}

static void thread_sweep(void)
{
	struct thread *t;

	live = 0;
	for (t = thread_first(); t; t = t->next) {
		if (t->tid && thread_is_gone(t))
			thread_retire(t);
		live += t->tid != 0;
	}
}

static struct thread *thread_unused(void)
{
	struct thread *t;

	for (t = thread_first(); t && t->tid; t = t->next)
		;
	return t;
}

/* A record that nobody uses: it is free, or its thread has ended. The kernel is
 * asked only when there are twice as many records as threads were alive the
 * last time. So a new thread costs few questions, however many there are. */
static struct thread *thread_reuse(int32_t tid)
{
	struct thread *t;

	for (t = thread_first(); t; t = t->next)
		if (t->tid == tid)
			thread_retire(t);
	t = thread_unused();
	if (t || records < 2 * live)
		return t;
	thread_sweep();
	return thread_unused();
}

static void set_bounds(struct thread *t, uintptr_t low, uintptr_t high)
{
	t->stack_low = low;
	t->stack_high = high;
	if (t->memo)
		memo_bounds(t->memo, low, high);
}

static void main_bounds(struct thread *t)
{
	extern void *__libc_stack_end;
	uint64_t limit[2] = {0, 0};

	if (sys(SYS_prlimit64, 0, 3 /* RLIMIT_STACK */, 0, limit) ||
	    limit[0] > 1ull << 30)
		limit[0] = 1ull << 30;
	set_bounds(t, (uintptr_t)__libc_stack_end - limit[0],
		   (uintptr_t)__libc_stack_end);
}

/* With the lock held. */
static struct thread *record_new(void)
{
	static struct thread first;
	static struct arena arena;
	char *at;

	if (!records)
		return &first;
	at = arena_alloc(&arena, sizeof(struct thread) + THREAD_ALIGN - 1);
	return at ? (struct thread *)(((uintptr_t)at + THREAD_ALIGN - 1) &
				      -(uintptr_t)THREAD_ALIGN)
		  : NULL;
}

struct thread *thread_attach(void)
{
	static __thread bool attaching
		__attribute__((tls_model("initial-exec")));
	struct thread *t;
	int32_t tid;

	if (attaching || forgotten || !library_begin())
		return NULL;
	attaching = true;
	tid = sys(SYS_gettid);
	lock_take(&lock);
	t = thread_reuse(tid);
	if (!t) {
		t = record_new();
		if (t) {
			t->next = all;
			__atomic_store_n(&all, t, __ATOMIC_RELEASE);
			records++;
		}
	}
	if (t) {
		struct stack_memo *memo = t->memo;
		struct thread *next = t->next;
		char *signal_stack = t->signal_stack;
		void *environment = t->environment;
		size_t environment_size = t->environment_size;

		if (!signal_stack)
			signal_stack = altstack_room();
		*t = (struct thread){.tid = tid,
				     .next = next,
				     .memo = memo,
				     .signal_stack = signal_stack,
				     .environment = environment,
				     .environment_size = environment_size};
		if (!memo)
			t->memo = memo_new();
		set_bounds(t, 0, 0);
		if (tid == pid_own())
			main_bounds(t);
		t->descriptor = (uintptr_t)pthread_self();
		thread_self = t;
	}
	lock_drop(&lock);
	if (t)
		altstack_give(t->signal_stack, &t->program_stack);
	else
		lacking = true;
	attaching = false;
	return thread_self;
}

bool thread_is_alone(void)
{
	const struct thread *t;

	for (t = thread_first(); t; t = t->next)
		if (t->tid && t != thread_self)
			return false;
	return __libc_single_threaded;
}

bool thread_all_have_records(void)
{
	return !lacking;
}

void thread_forget(void)
{
	struct thread *t;

	forgotten = true;
	for (t = thread_first(); t; t = t->next) {
		memo_free(t->memo);
		t->memo = NULL;
	}
}

void thread_stop(void)
{
	stack_t none = {.ss_flags = SS_DISABLE}, now = {0};

	if (thread_self->signal_stack && !sys(SYS_sigaltstack, 0, &now) &&
	    now.ss_sp == thread_self->signal_stack)
		sys(SYS_sigaltstack, &none, 0);
	all = NULL;
	records = live = 0;
	thread_self = NULL;
}

void thread_fork_prepare(void)
{
	lock_take(&lock);
}

void thread_fork_done(void)
{
	lock_drop(&lock);
}

void thread_forked(void)
{
	struct thread *t;

	for (t = thread_first(); t; t = t->next) {
		if (t == thread_self)
			t->tid = pid_own();
		else if (t->tid)
			thread_retire(t);
		if (t->memo)
			memo_forked(t->memo);
	}
}

/* The thread whose stack was here has ended, although the kernel was not asked
 * yet. What is known of it is no longer true. */
static void stack_taken(const struct thread *self)
{
	struct thread *t;

	lock_take(&lock);
	for (t = thread_first(); t && !self->own_stack; t = t->next)
		if (t != self && t->start_frame &&
		    t->stack_low < self->stack_high &&
		    t->stack_high > self->stack_low)
			t->stack_low = t->stack_high = 0;
	ranges_remove(&ranges_ended, self->stack_low, self->stack_high);
	lock_drop(&lock);
}

void thread_set_stack(struct thread *self, uintptr_t low, uintptr_t high)
{
	set_bounds(self, low, high);
	stack_taken(self);
}
