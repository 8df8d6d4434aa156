/*
 * The hook of sigaltstack. The program is told what it has set, while the
 * kernel has a stack of ours (altstack.h). The kernel sees the arguments first,
 * so that each error is its own. A stack with SS_AUTODISARM is left to the
 * kernel: its thread is stopped on it.
 *
 * Also the hook of the fortified longjmp (_FORTIFY_SOURCE), in which libc asks
 * the kernel whether the thread is on its signal stack.
 */
#include <errno.h>
#include <signal.h>
#include "base/export.h"
#include "base/probe.h"
#include "base/sys.h"
#include "process/altstack.h"
#include "process/guard.h"
#include "process/pid.h"
#include "process/real.h"
#include "process/thread.h"

#define AUTODISARM (1u << 31)

/* Whether code of the program's runs on the stack that it has set. */
static bool is_on(const stack_t *stack)
{
	uintptr_t sp = (uintptr_t)FRAME, low = (uintptr_t)stack->ss_sp;

	return !(stack->ss_flags & SS_DISABLE) && sp > low &&
	       sp - low <= stack->ss_size;
}

static bool is_ours(const struct thread *self, const stack_t *stack)
{
	return self->signal_stack && stack->ss_sp == self->signal_stack;
}

static void put_back(struct thread *self)
{
	stack_t ours = {.ss_sp = self->signal_stack, .ss_size = ALTSTACK_SIZE};

	sys(SYS_sigaltstack, &ours, 0);
}

static long set(struct thread *self, const stack_t *stack)
{
	long err;

	if (is_on(&self->program_stack))
		return probe_readable((uintptr_t)stack) ? -EPERM : -EFAULT;
	err = sys(SYS_sigaltstack, stack, 0);
	if (err)
		return err;
	self->program_stack = (stack_t){.ss_flags = SS_DISABLE};
	if (stack->ss_flags & (int)AUTODISARM)
		return 0;
	if (!(stack->ss_flags & SS_DISABLE))
		self->program_stack = (stack_t){.ss_sp = stack->ss_sp,
						.ss_size = stack->ss_size};
	put_back(self);
	return 0;
}

static long exchange(struct thread *self, const stack_t *stack, stack_t *old)
{
	stack_t before;
	long err = sys(SYS_sigaltstack, 0, &before);

	if (!err && is_ours(self, &before)) {
		before = self->program_stack;
		before.ss_flags |= is_on(&before) ? SS_ONSTACK : 0;
	}
	if (!err && stack)
		err = set(self, stack);
	if (!err && old)
		err = sys(SYS_sigaltstack, 0, old); /* which may refuse */
	if (!err && old)
		*old = before;
	return err;
}

EXPORT int sigaltstack(const stack_t *stack, stack_t *old)
{
	struct thread *self = thread_self ? thread_self : thread_attach();
	uint64_t mask;
	long err;

	if (!self || !self->signal_stack || pid_is_vfork_child()) {
		err = sys(SYS_sigaltstack, stack, old);
	} else {
		sys_set_mask(UINT64_MAX, &mask);
		err = exchange(self, stack, old);
		sys_set_mask(mask, NULL);
	}
	if (!err)
		return 0;
	errno = -err;
	return -1;
}

void plain_longjmp(void *, int) __asm__("longjmp") __attribute__((noreturn));

/* A longjmp to a frame further in ends the program. One that leaves a signal
 * stack, which may be above the thread's own, does not. */
EXPORT __attribute__((noreturn)) void __longjmp_chk(void *env, int value)
{
	const struct thread *self = thread_self;

	if (!real.longjmp_chk ||
	    (self && self->signal_stack && is_on(&self->program_stack)))
		plain_longjmp(env, value);
	real.longjmp_chk(env, value);
	__builtin_unreachable();
}
