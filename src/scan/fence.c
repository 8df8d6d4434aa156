/*
 * See fence.h. The kernel reads a byte of ours at each system call that does
 * not lie in a range of code. In that range is the end of a handler, which is a
 * system call, too.
 */
#include <stddef.h>
#include <sys/mman.h>
#include "base/sys.h"
#include "scan/fence.h"

#define SET_DISPATCH 59 /* PR_SET_SYSCALL_USER_DISPATCH */
#define SA_RESTORER 0x04000000
#define BYTES_MOST (64ul << 20)

volatile uint8_t fence_closed; /* SYSCALL_DISPATCH_FILTER_ALLOW, _BLOCK */

/* How a handler ends. */
static __attribute__((naked)) void fence_return(void)
{
	__asm__("mov %0, %%eax\n\tsyscall\n\tud2" : : "i"(SYS_rt_sigreturn));
}
#define RETURN_BYTES 16

void fence_begin(void)
{
	(void)sys(SYS_prctl, SET_DISPATCH, 1, fence_return, RETURN_BYTES,
		  &fence_closed);
}

void fence_end(void)
{
	(void)sys(SYS_prctl, SET_DISPATCH, 0, 0, 0, 0);
}

void fence_handle(int signal, void (*handler)(int, siginfo_t *, void *),
		  struct fence_action *before)
{
	struct fence_action action = {
		.handler = handler,
		.flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK | SA_RESTORER,
		.restorer = fence_return,
	};

	sys(SYS_rt_sigaction, signal, &action, before, 8);
}

void fence_restore(int signal, const struct fence_action *before)
{
	sys(SYS_rt_sigaction, signal, before, NULL, 8);
}

/* Bytes that a call asks for; the whole range: it is not about memory of its
 * own alone. */
static uint64_t bytes_of(long call, const long *arg)
{
	const long own = MAP_ANONYMOUS | MAP_PRIVATE;
	long brk;

	switch (call) {
	case SYS_mmap:
		return (arg[3] & own) == own ? (uint64_t)arg[1] : -1ul;
	case SYS_mremap:
		return arg[2];
	case SYS_brk:
		brk = sys(SYS_brk, 0);
		return arg[0] > brk ? (uint64_t)(arg[0] - brk) : 0;
	case SYS_munmap:
	case SYS_mprotect:
	case SYS_madvise:
		return 0;
	}
	return -1ul;
}

static enum fence_served serve(greg_t *reg)
{
	static uint64_t bytes;
	long call = reg[REG_RAX];
	const long arg[] = {reg[REG_RDI], reg[REG_RSI], reg[REG_RDX],
			    reg[REG_R10], reg[REG_R8],	reg[REG_R9]};
	uint64_t more = bytes_of(call, arg);

	if (more == -1ul)
		return FENCE_REFUSED;
	if (more > BYTES_MOST || (bytes += more) > BYTES_MOST)
		return FENCE_GREEDY;
	reg[REG_RAX] =
		sys_raw6(call, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
	return FENCE_SERVED;
}

enum fence_served fence_serve(ucontext_t *context)
{
	bool closed = fence_close(false);
	enum fence_served served = serve(context->uc_mcontext.gregs);

	fence_close(closed);
	return served;
}
