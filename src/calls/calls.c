/*
 * See calls.h. What our handler does for a call that it interrupted, and how
 * much of a call's time is left.
 *
 * calls_note_signals() runs in the handler, with all signals blocked: raw
 * system calls only. Until it returns, signals for the program are pending,
 * perhaps for all its threads. A signal that decides here must be this thread's
 * own.
 */
#include <ucontext.h>
#include "base/probe.h"
#include "base/sys.h"
#include "calls/calls.h"
#include "process/interrupted.h"
#include "process/thread.h"

/* The kernel's struct. */
struct kernel_action {
	void (*handler)(int);
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};

static bool is_surely_after_syscall(uintptr_t pc)
{
	return probe_readable(pc - SYSCALL_SIZE) &&
	       is_syscall(pc - SYSCALL_SIZE);
}

/* Calls that the kernel makes again after a handler with SA_RESTART, and that
 * fail with EINTR after any other handler. */
static bool may_fail(long call)
{
	static const uint16_t calls[] = {
		SYS_read,	  SYS_write,
		SYS_readv,	  SYS_writev,
		SYS_recvfrom,	  SYS_recvmsg,
		SYS_recvmmsg,	  SYS_sendto,
		SYS_sendmsg,	  SYS_sendmmsg,
		SYS_accept,	  SYS_accept4,
		SYS_connect,	  SYS_open,
		SYS_openat,	  SYS_wait4,
		SYS_waitid,	  SYS_flock,
		SYS_fcntl,	  SYS_futex,
		SYS_mq_timedsend, SYS_mq_timedreceive,
		SYS_sendfile,	  SYS_splice,
		SYS_tee,	  SYS_vmsplice,
		SYS_getrandom,
	};
	size_t i;

	for (i = 0; i < sizeof calls / sizeof *calls; i++)
		if (calls[i] == call)
			return true;
	return false;
}

/* Ends a call that was to go on with what the kernel remembers of it. The
 * kernel forgets that when our handler returns (Linux, do_no_restart_syscall),
 * so it is a call that we have ended. */
static void end_resumed(greg_t *regs)
{
	if (regs[REG_RAX] == SYS_restart_syscall && is_set_back(regs)) {
		regs[REG_RAX] = -EINTR;
		regs[REG_RIP] += SYSCALL_SIZE;
	}
}

/* Whether the program has a handler for this signal; fails: one that wants
 * calls to fail. */
static bool is_handled(int sig, bool fails)
{
	struct kernel_action action = {0};

	sys(SYS_rt_sigaction, sig, 0, &action, 8);
	return action.handler != SIG_DFL && action.handler != SIG_IGN &&
	       !(fails && action.flags & SA_RESTART);
}

/* Makes a signal that is pending for all threads pending for this thread alone.
 * False when another thread was faster. */
static bool claim(int sig)
{
	uint64_t set = 1ull << (sig - 1);
	int64_t at_once[2] = {0, 0};
	int32_t tid = sys(SYS_gettid), pid = sys(SYS_getpid);
	siginfo_t info;

	if (sys(SYS_rt_sigtimedwait, &set, &info, at_once, 8) != sig)
		return false;
	if (sys(SYS_rt_tgsigqueueinfo, pid, tid, sig, &info)) {
		info.si_code =
			SI_USER; /* no room for the info: send it without */
		sys(SYS_rt_tgsigqueueinfo, pid, tid, sig, &info);
	}
	return true;
}

/* Whether a signal of the program's is about to interrupt this thread. */
static bool is_interrupted(uint64_t pending, bool fails)
{
	int sig;

	for (; pending; pending &= pending - 1) {
		sig = __builtin_ctzll(pending) + 1;
		if (is_handled(sig, fails) && claim(sig))
			return true;
	}
	return false;
}

static void decide(ucontext_t *uc, bool restarted, uint64_t pending)
{
	greg_t *regs = uc->uc_mcontext.gregs;
	bool interrupted = is_interrupted(pending, restarted);

	if (restarted && interrupted) {
		regs[REG_RAX] = -EINTR;
		regs[REG_RIP] += SYSCALL_SIZE;
	} else if (!restarted && !interrupted &&
		   (uintptr_t)regs[REG_RSP] != thread_self->ended &&
		   is_surely_after_syscall(regs[REG_RIP])) {
		thread_self->interrupted = regs[REG_RSP];
	}
}

/* A thread without a record has no hook that waits for our note, but its call
 * may have to fail. */
void calls_note_signals(void *ucontext)
{
	ucontext_t *uc = ucontext;
	greg_t *regs = uc->uc_mcontext.gregs;
	uint64_t pending = 0;

	if (thread_self)
		pending = thread_self->arrived;
	else
		sys(SYS_rt_sigpending, &pending, 8);
	pending &= ~*(const uint64_t *)&uc->uc_sigmask;
	end_resumed(regs);
	if (may_fail(regs[REG_RAX]) && is_set_back(regs))
		decide(uc, true, pending);
	else if (thread_self && is_ended(regs))
		decide(uc, false, pending);
}

static uint64_t ns_of(const struct timespec *t)
{
	if (t->tv_sec > INT64_MAX / 1000000000 - 1)
		return INT64_MAX;
	return t->tv_sec * 1000000000ull + t->tv_nsec;
}

struct timespec call_timespec(uint64_t ns)
{
	return (struct timespec){ns / 1000000000, ns % 1000000000};
}

uint64_t call_left(struct call *call, uint64_t ns)
{
	uint64_t now = call_now(), passed;

	if (!call->began)
		call->began = now;
	passed = now - call->began;
	return passed < ns ? ns - passed : 0;
}

int call_left_ms(struct call *call, int ms)
{
	if (ms < 0)
		return ms;
	return (call_left(call, ms * 1000000ull) + 999999) / 1000000;
}

const struct timespec *call_left_of(struct call *call,
				    const struct timespec *timeout,
				    struct timespec *room)
{
	if (!timeout)
		return NULL;
	*room = call_timespec(call_left(call, ns_of(timeout)));
	return room;
}
