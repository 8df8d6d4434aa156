/*
 * See fence.h. The kernel reads a byte of ours at each system call that does
 * not lie in a range of code. In that range is the end of a handler, which is a
 * system call, too.
 */
#include "base/sys.h"
#include "scan/fence.h"

#define SET_DISPATCH 59 /* PR_SET_SYSCALL_USER_DISPATCH */
#define SA_RESTORER 0x04000000

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
