/*
 * See foreign.h. A signal's handler jumps back to where the call began. It runs
 * on a stack of its own, since the one of the call may be full.
 *
 * Each call that was too slow halves the time that the next ones have, down to
 * two ticks.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <ucontext.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/sys.h"
#include "base/valgrind.h"
#include "process/thread.h"
#include "scan/fault.h"
#include "scan/fence.h"
#include "scan/foreign.h"

#define STACK (8ul << 20)
#define GUARD (1ul << 20)
#define HANDLER_STACK 65536
#define TICK_US 50000
#define LATE_CPU_NS 500000000u
#define LATE_TICKS 100u
#define LATES_MOST 5

static const int signals[] = {SIGSEGV, SIGBUS,	SIGILL, SIGFPE,
			      SIGABRT, SIGTRAP, SIGSYS, SIGALRM};
#define SIGNALS (sizeof signals / sizeof *signals)

static char handler_stack[HANDLER_STACK] LARGE;
static struct fence_action before[SIGNALS];
static char *stack;
static void *back[5];
static volatile bool calling;
static volatile enum foreign how;
static volatile uint64_t calls, began_ns, began_call;
static volatile uint32_t ticks, lates;

static __attribute__((noreturn)) void leave(enum foreign why)
{
	fence_close(false);
	calling = false;
	how = why;
	if (why == FOREIGN_LATE && lates < LATES_MOST)
		lates++;
	__builtin_longjmp(back, 1);
}

static bool is_late(void)
{
	uint64_t now = sys_own_cpu_ns();

	if (began_call != calls) {
		began_call = calls;
		began_ns = now;
		ticks = 0;
	}
	return now - began_ns >= LATE_CPU_NS >> lates ||
	       ++ticks >= LATE_TICKS >> lates;
}

static void look_at_clock(void)
{
	bool closed = fence_close(false);

	if (calling && is_late())
		leave(FOREIGN_LATE);
	fence_close(closed);
}

static void look_at_call(ucontext_t *context)
{
	enum fence_served served = fence_serve(context);

	if (calling && served != FENCE_SERVED)
		leave(served == FENCE_GREEDY ? FOREIGN_GREEDY : FOREIGN_CALLED);
}

/* A fault outside a call is what fault.c knows of. */
static void handle(int signal, siginfo_t *info, void *context)
{
	uint32_t i;

	if (signal == SIGALRM) {
		look_at_clock();
		return;
	}
	if (signal == SIGSYS) {
		look_at_call(context);
		return;
	}
	if (calling)
		leave(FOREIGN_FAULTED);
	for (i = 0; i < SIGNALS; i++)
		if (signals[i] == signal && before[i].handler)
			before[i].handler(signal, info, context);
}

static void set_timer(long us)
{
	int64_t value[4] = {0, us, 0, us};

	sys(SYS_setitimer, 0 /* ITIMER_REAL */, value, 0);
}

/* What the code allocates is nobody's affair. No hook serves anything. */
static void stay_inside(void)
{
	if (!thread_self)
		return;
	thread_self->guard_frame = UINTPTR_MAX;
	thread_self->inside = true;
}

int foreign_begin(void)
{
	stack_t alternate = {.ss_sp = handler_stack, .ss_size = HANDLER_STACK};
	uint64_t mask = 0;
	uint32_t i;

	if (!stack)
		stack = arena_map(STACK);
	if (!stack || sys_failed(sys(SYS_mprotect, stack, GUARD, 0)) ||
	    sys_failed(sys(SYS_sigaltstack, &alternate, 0)))
		return -ENOMEM;
	for (i = 0; i < SIGNALS; i++) {
		fence_handle(signals[i], handle, &before[i]);
		mask |= 1ull << (signals[i] - 1);
	}
	sys(SYS_rt_sigprocmask, SIG_UNBLOCK, &mask, 0, 8);
	set_timer(TICK_US);
	stay_inside();
	fence_begin();
	return 0;
}

void foreign_end(void)
{
	uint32_t i;

	fence_end();
	set_timer(0);
	for (i = 0; i < SIGNALS; i++)
		fence_restore(signals[i], &before[i]);
}

struct call {
	long (*f)(void *);
	void *arg;
};

static __attribute__((noinline)) long run(void *data)
{
	const struct call *call = data;

	if (__builtin_setjmp(back))
		return how;
	calling = true;
	fence_close(true);
	call->f(call->arg);
	fence_close(false);
	calling = false;
	return FOREIGN_RETURNED;
}

enum foreign foreign_call(long (*f)(void *), void *arg)
{
	struct call call = {f, arg};
	uintptr_t low = fault_low, high = fault_high;
	enum foreign end;

	calls++;
	fault_low = fault_high = 0;
	end = (enum foreign)sys_on_stack(stack + STACK, run, &call);
	fault_low = low;
	fault_high = high;
	return end;
}

/* In the copy: it ends when its child does. The child may have ended before the
 * kernel was asked for that. */
static void die_with(long child)
{
	long parent;

	sys(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	parent = sys(SYS_getppid);
	if (parent > 0 && parent != child)
		sys(SYS_exit_group, 1);
}

int foreign_apart(void (*f)(void *), void *arg)
{
	int status = -1;
	long child = sys(SYS_getpid);
	long pid = sys(SYS_clone, CLONE_UNTRACED, 0, 0, 0, 0);

	if (!pid) {
		die_with(child);
		f(arg);
		valgrind_silence(-1);
		sys(SYS_exit_group, 0);
		__builtin_unreachable();
	}
	if (sys_failed(pid))
		return (int)pid;
	while (sys(SYS_wait4, pid, &status, __WALL, 0) == -EINTR)
		;
	return status ? -EFAULT : 0;
}

void foreign_leave(void)
{
	leave(FOREIGN_FAULTED);
}
