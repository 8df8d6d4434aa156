/* Handlers that interrupt a function between two instructions, on its stack
 * and (ALTERNATE) on another: their stacks lead through it to main, and later
 * ones not through them. */
#include <signal.h>
#include <ucontext.h>
#include "victim.h"

#ifndef ALTERNATE
#define ALTERNATE 0
#endif
#define STACK (64 << 10)

static NOINLINE void leak(void)
{
	MALLOC(100);
}

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)signal, (void)info;
	leak();
	((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
	clobber();
}

static NOINLINE void trap(void)
{
	__asm__ volatile("ud2");
	leak();
}

static NOINLINE void make(void)
{
	struct sigaction action = {.sa_sigaction = handler,
				   .sa_flags =
					   SA_SIGINFO | ALTERNATE * SA_ONSTACK};
	stack_t stack = {.ss_size = STACK, .ss_sp = CALLOC(STACK)};

	sigaltstack(&stack, NULL);
	sigaction(SIGILL, &action, NULL);
	TIMES(10)
	trap();
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, NULL);
	free(stack.ss_sp);
}

int main(void)
{
	say("expect lost count=10 bytes=1000 "
	    "stack=leak<handler<*<trap<make<away<main");
	say("expect lost count=10 bytes=1000 stack=leak<trap<make<away<main");
	away(make);
	return 0;
}
