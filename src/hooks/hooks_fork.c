/*
 * Hooks of calls that make processes and threads. They fail when there may be
 * no more of these. A scan's child is one of them, at work or ended: it makes
 * room, and the call is made again. So the program gets what it would get
 * without us.
 *
 * Any thread, any signal handler. The child of vfork comes back here as well.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/export.h"
#include "base/likely.h"
#include "base/probe.h"
#include "hooks/end.h"
#include "hooks/fork.h"
#include "hooks/hooks_fork.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/real.h"
#include "report/family.h"
#include "snapshot/relief.h"
#include "snapshot/snapshot.h"

static bool again(bool failed)
{
	return unlikely(failed) && errno == EAGAIN && snapshot_make_room();
}

EXPORT pid_t fork(void)
{
	int32_t *place;
	pid_t pid;

	if (!library_begin() && !real.fork) {
		errno = EAGAIN;
		return -1;
	}
	place = family_reserve();
	do
		pid = real.fork();
	while (again(pid < 0) ||
	       (pid < 0 && errno == ENOMEM && relief_outside(0)));
	if (pid)
		family_begun(place, pid);
	return pid;
}

EXPORT pid_t _Fork(void)
{
	struct forking forking;
	pid_t pid;

	if (!library_begin() && !real._Fork) {
		errno = EAGAIN;
		return -1;
	}
	do {
		forking = fork_begin();
		pid = real._Fork();
		fork_end(forking, pid);
	} while (again(pid < 0));
	return pid;
}

/* Whether the child has memory of its own and the parent does not wait for
 * it. */
static bool is_fork(uint64_t flags)
{
	return !(flags &
		 (CLONE_VM | CLONE_VFORK | CLONE_THREAD | CLONE_SETTLS));
}

#define CLONE3_FLAGS 0 /* words of struct clone_args */
#define CLONE3_STACK 5

bool fork_is_raw(long number, long a, long b)
{
	const uint64_t *args = (const uint64_t *)a;

	if (number == SYS_clone)
		return is_fork(a) && !b;
	if (number == SYS_clone3)
		return probe_readable((uintptr_t)&args[CLONE3_FLAGS]) &&
		       probe_readable((uintptr_t)&args[CLONE3_STACK]) &&
		       is_fork(args[CLONE3_FLAGS]) && !args[CLONE3_STACK];
	return number == SYS_fork;
}

long fork_raw(long number, const long *a)
{
	struct forking forking;
	long pid;

	do {
		forking = fork_begin();
		pid = real.syscall(number, a[0], a[1], a[2], a[3], a[4], 0);
		fork_end(forking, pid);
	} while (again(pid < 0));
	return pid;
}

struct start {
	int (*function)(void *);
	void *arg;
	struct forking forking;
};

/* Runs the child's function. libc would end the child past our hooks. */
static int begin_copy(void *p)
{
	struct start *start = p;
	int status;

	fork_end(start->forking, 0);
	status = start->function(start->arg);
	end_now(status, (uintptr_t)FRAME);
	return status;
}

static int make_copy(int (*function)(void *), void *stack, int flags, void *arg,
		     void **more)
{
	struct start start = {function, arg, fork_begin()};
	int pid;

	if (!start.forking.followed)
		return real.clone(function, stack, flags, arg, more[0], more[1],
				  more[2]);
	pid = real.clone(begin_copy, stack, flags, &start, more[0], more[1],
			 more[2]);
	fork_end(start.forking, pid);
	return pid;
}

EXPORT int clone(int (*function)(void *), void *stack, int flags, void *arg,
		 ...)
{
	void *more[3];
	va_list args;
	int pid;

	va_start(args, arg);
	for (int i = 0; i < 3; i++)
		more[i] = va_arg(args, void *);
	va_end(args);
	if (!library_begin() && !real.clone) {
		errno = EAGAIN;
		return -1;
	}
	do
		pid = function && stack && is_fork(flags)
			      ? make_copy(function, stack, flags, arg, more)
			      : real.clone(function, stack, flags, arg, more[0],
					   more[1], more[2]);
	while (again(pid < 0));
	return pid;
}

/*
 * The child runs on its parent's stack and overwrites the return address there.
 * So that stays in a register meanwhile, as in libc.
 */
#define TEXT(x) #x
#define NUMBER(x) TEXT(x)

__attribute__((used)) static int vfork_failed(long err)
{
	errno = -err;
	return again(true);
}

__asm__(".text\n"
	".globl vfork\n"
	".type vfork, @function\n"
	"vfork:\n"
	".cfi_startproc\n"
	"	pop %rdi\n"
	".cfi_def_cfa_offset 0\n"
	".cfi_register %rip, %rdi\n"
	"	mov $" NUMBER(__NR_vfork) ", %eax\n"
					  "	syscall\n"
					  "	push %rdi\n"
					  ".cfi_def_cfa_offset 8\n"
					  ".cfi_offset %rip, -8\n"
					  "	cmp $-4095, %rax\n"
					  "	jae 1f\n"
					  "	ret\n"
					  "1:	mov %rax, %rdi\n"
					  "	sub $8, %rsp\n"
					  ".cfi_def_cfa_offset 16\n"
					  "	call vfork_failed\n"
					  "	add $8, %rsp\n"
					  ".cfi_def_cfa_offset 8\n"
					  "	test %eax, %eax\n"
					  "	jnz vfork\n"
					  "	mov $-1, %eax\n"
					  "	ret\n"
					  ".cfi_endproc\n"
					  ".size vfork, . - vfork\n");
