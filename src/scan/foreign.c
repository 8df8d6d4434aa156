/*
 * See foreign.h. A signal's handler jumps back to where the call began. It runs
 * on a stack of its own, since the one of the call may be full.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/sys.h"
#include "process/real.h"
#include "scan/fault.h"
#include "scan/foreign.h"

#define STACK (8ul << 20)
#define GUARD 65536ul
#define HANDLER_STACK 65536
#define TICK_US 50000
#define LATE_CPU_NS 500000000
#define LATE_TICKS 100

static const int signals[] = {SIGSEGV, SIGBUS,	SIGILL, SIGFPE,
			      SIGABRT, SIGTRAP, SIGSYS, SIGALRM};
#define SIGNALS (sizeof signals / sizeof *signals)

static char handler_stack[HANDLER_STACK] LARGE;
static struct sigaction before[SIGNALS];
static char *stack;
static void *back[5];
static volatile bool calling, held;
static volatile enum foreign how;
static volatile uint64_t calls, began_ns, began_call;
static volatile uint32_t ticks;

static __attribute__((noreturn)) void leave(enum foreign why)
{
	calling = false;
	how = why;
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
	return now - began_ns >= LATE_CPU_NS || ++ticks >= LATE_TICKS;
}

/* A fault outside a call is what fault.c knows of. */
static void handle(int signal, siginfo_t *info, void *context)
{
	uint32_t i;

	if (signal == SIGALRM) {
		if (calling && is_late() && !held)
			leave(FOREIGN_LATE);
		return;
	}
	if (calling && !held)
		leave(FOREIGN_FAULTED);
	for (i = 0; i < SIGNALS; i++)
		if (signals[i] == signal && before[i].sa_sigaction)
			before[i].sa_sigaction(signal, info, context);
}

static void set_timer(long us)
{
	int64_t value[4] = {0, us, 0, us};

	sys(SYS_setitimer, 0 /* ITIMER_REAL */, value, 0);
}

int foreign_begin(void)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_NODEFER |
					       SA_ONSTACK};
	stack_t alternate = {.ss_sp = handler_stack, .ss_size = HANDLER_STACK};
	uint64_t mask = 0;
	uint32_t i;

	if (!stack)
		stack = arena_map(STACK);
	if (!stack || sys_failed(sys(SYS_mprotect, stack, GUARD, 0)) ||
	    sys_failed(sys(SYS_sigaltstack, &alternate, 0)))
		return -ENOMEM;
	action.sa_sigaction = handle;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < SIGNALS; i++) {
		real.sigaction(signals[i], &action, &before[i]);
		mask |= 1ull << (signals[i] - 1);
	}
	sys(SYS_rt_sigprocmask, SIG_UNBLOCK, &mask, 0, 8);
	set_timer(TICK_US);
	return 0;
}

void foreign_end(void)
{
	uint32_t i;

	set_timer(0);
	for (i = 0; i < SIGNALS; i++)
		real.sigaction(signals[i], &before[i], NULL);
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
	call->f(call->arg);
	calling = false;
	return FOREIGN_RETURNED;
}

enum foreign foreign_call(long (*f)(void *), void *arg)
{
	struct call call = {f, arg};
	uintptr_t low = fault_low, high = fault_high;
	enum foreign end;

	calls++;
	held = false;
	fault_low = fault_high = 0;
	end = (enum foreign)sys_on_stack(stack + STACK, run, &call);
	fault_low = low;
	fault_high = high;
	return end;
}

void foreign_hold(bool hold)
{
	held = hold;
}

void foreign_leave(void)
{
	leave(FOREIGN_FAULTED);
}
