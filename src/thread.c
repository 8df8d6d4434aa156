/*
 * Records of threads. The list only grows at its head (lock-free); a record
 * whose thread has ended is given to a new one, under a lock that is taken
 * inside the guard or before it is entered for the first time.
 *
 * Threads made through pthread_create or thrd_create begin in a function of
 * ours, which learns the bounds of their stack and then leaves no frame.
 */
#include <string.h>
#include <sys/single_threaded.h>
#include "altstack.h"
#include "arena.h"
#include "guard.h"
#include "heap.h"
#include "pid.h"
#include "library.h"
#include "lock.h"
#include "range.h"
#include "real.h"
#include "sandbox.h"
#include "sys.h"
#include "tally.h"

#define STARTS 4096 /* threads between pthread_create and their first step */

__thread struct thread *guard_self __attribute__((tls_model("initial-exec")));

static struct thread *all;
static struct lock lock = LOCK_INIT(LOCK_THREAD);
static bool forgotten;	       /* no records are made any more */
static bool lacking;	       /* there was no memory for one */
static uint32_t records, live; /* live: as of the last sweep */

/* What a thread that has not begun will do. */
static struct start {
	void *(*function)(void *);
	void *arg;
	bool own_stack;
	bool taken;
} * starts;

/* Small enough for two registers: thread_start() keeps no memory of its own,
 * so that its call can be a jump. */
struct entry {
	void *(*function)(void *);
	void *arg;
};

struct thread *thread_first(void)
{
	return __atomic_load_n(&all, __ATOMIC_ACQUIRE);
}

static bool thread_is_gone(const struct thread *t)
{
	return sys(SYS_tgkill, pid_own(), t->tid, 0) == -3 /* ESRCH */;
}

/* The stack of an ended thread stays mapped for the next one, full of stale
 * words; only its descriptor is read, from there up. */
static void thread_retire(struct thread *t)
{
	if (t->stack_high && t->descriptor && !t->own_stack)
		ranges_add(&ranges_ended, t->stack_low, t->descriptor);
	tally_flush(t);
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

/* A record that nobody uses: free, or its thread has ended. The kernel is
 * asked about them only when there are twice as many as were alive the last
 * time, so that a new thread costs few questions, however many there are. */
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
		stack_memo_bounds(t->memo, low, high);
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
	static struct arena arena;
	char *at =
		arena_alloc(&arena, sizeof(struct thread) + THREAD_ALIGN - 1);

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
			t->memo = stack_memo_new();
		set_bounds(t, 0, 0);
		if (tid == pid_own())
			main_bounds(t);
		t->descriptor = (uintptr_t)pthread_self();
		guard_self = t;
	}
	lock_drop(&lock);
	if (t)
		altstack_give(t);
	else
		lacking = true;
	attaching = false;
	return guard_self;
}

bool thread_is_alone(void)
{
	const struct thread *t;

	for (t = thread_first(); t; t = t->next)
		if (t->tid && t != guard_self)
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
		stack_memo_free(t->memo);
		t->memo = NULL;
	}
}

void thread_stop(void)
{
	stack_t none = {.ss_flags = SS_DISABLE}, now = {0};

	if (guard_self->signal_stack && !sys(SYS_sigaltstack, 0, &now) &&
	    now.ss_sp == guard_self->signal_stack)
		sys(SYS_sigaltstack, &none, 0);
	all = NULL;
	starts = NULL;
	records = live = 0;
	guard_self = NULL;
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
		if (t == guard_self)
			t->tid = pid_own();
		else if (t->tid)
			thread_retire(t);
		if (t->memo)
			stack_counts_clear(t->memo);
	}
}

void thread_starting(uintptr_t *low, uintptr_t *high)
{
	*low = (uintptr_t)starts;
	*high = starts ? *low + STARTS * sizeof *starts : 0;
}

static struct start *start_take(void)
{
	uint32_t i;

	if (!library_is_up())
		return NULL;
	if (!starts) {
		struct start *fresh = arena_map(STARTS * sizeof *fresh);
		struct start *seen = NULL;

		if (!fresh)
			return NULL;
		if (!__atomic_compare_exchange_n(&starts, &seen, fresh, false,
						 __ATOMIC_ACQ_REL,
						 __ATOMIC_ACQUIRE))
			arena_unmap(fresh, STARTS * sizeof *fresh);
	}
	for (i = 0; i < STARTS; i++)
		if (!starts[i].taken &&
		    !__atomic_test_and_set(&starts[i].taken, __ATOMIC_ACQUIRE))
			return &starts[i];
	return NULL;
}

static void start_drop(struct start *s)
{
	s->function = NULL;
	s->arg = NULL;
	__atomic_clear(&s->taken, __ATOMIC_RELEASE);
}

/* Whose stack lay here has ended, though nobody has asked yet; what is known
 * of it is true no more. */
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

/* In the new thread: its record, with the bounds of its stack. glibc's
 * pthread_getattr_np allocates: inside the guard. */
static __attribute__((noinline)) struct entry thread_begin(struct start *s,
							   uintptr_t frame)
{
	struct thread *self = guard_enter(FRAME);
	struct entry entry = {s->function, s->arg};
	bool own_stack = s->own_stack;
	pthread_attr_t attr;
	void *low;
	size_t size;

	start_drop(s);
	if (!self)
		return entry;
	self->arg = entry.arg;
	self->own_stack = own_stack;
	self->start_frame = frame;
	if (!sandbox_is_closed() && /* it asks for the processors */
	    !pthread_getattr_np(pthread_self(), &attr)) {
		if (!pthread_attr_getstack(&attr, &low, &size)) {
			set_bounds(self, (uintptr_t)low, (uintptr_t)low + size);
			stack_taken(self);
		}
		pthread_attr_destroy(&attr);
	}
	guard_leave(self, NULL);
	return entry;
}

static void *thread_start(void *arg)
{
	struct entry entry = thread_begin(arg, (uintptr_t)FRAME);

	return entry.function(entry.arg);
}

static bool attr_has_stack(const pthread_attr_t *attr)
{
	void *low = NULL;
	size_t size = 0;

	if (!attr || pthread_attr_getstack(attr, &low, &size))
		return false;
	return (uintptr_t)low + size != 0; /* glibc: 0 - size when unset */
}

int thread_create(pthread_t *thread, const pthread_attr_t *attr,
		  void *(*function)(void *), void *arg)
{
	struct start *s = start_take();
	int err;

	if (!s)
		return real.pthread_create(thread, attr, function, arg);
	s->function = function;
	s->arg = arg;
	s->own_stack = attr_has_stack(attr);
	err = real.pthread_create(thread, attr, thread_start, s);
	if (err)
		start_drop(s);
	return err;
}

int thread_create_c11(void *thread, int (*function)(void *), void *arg)
{
	struct start *s = start_take();
	int err;

	if (!s)
		return real.thrd_create(thread, function, arg);
	/* libc calls a C11 thread's function through the int type and widens:
	 * the register is the same */
	s->function = (void *(*)(void *))(uintptr_t)function;
	s->arg = arg;
	s->own_stack = false;
	err = real.thrd_create(thread, (int (*)(void *))(uintptr_t)thread_start,
			       s);
	if (err)
		start_drop(s);
	return err;
}
