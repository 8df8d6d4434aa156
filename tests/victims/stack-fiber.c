/* Two fibers and the thread's own stack take turns: each stack is that of who
 * runs. */
#include <ucontext.h>
#include "victim.h"

#define STACK (256u << 10)

static ucontext_t back, fiber[2];

static NOINLINE void leak(void)
{
	MALLOC(100);
}

static NOINLINE void left(void)
{
	leak();
	clobber();
	swapcontext(&fiber[0], &back);
}

static NOINLINE void right(void)
{
	leak();
	clobber();
	swapcontext(&fiber[1], &back);
}

static void run_left(void)
{
	TIMES(10)
	left();
}

static void run_right(void)
{
	TIMES(10)
	right();
}

static NOINLINE void between(void)
{
	leak();
}

static NOINLINE void make(void)
{
	static void (*const run[])(void) = {run_left, run_right};
	void *stack[2];

	for (int i = 0; i < 2; i++) {
		stack[i] = MALLOC(STACK);
		if (getcontext(&fiber[i]))
			_exit(99);
		fiber[i].uc_stack.ss_sp = stack[i];
		fiber[i].uc_stack.ss_size = STACK;
		fiber[i].uc_link = &back;
		makecontext(&fiber[i], run[i], 0);
	}
	for (volatile int i = 0; i < 22; i++) {
		swapcontext(&back, &fiber[i % 2]);
		between();
	}
	free(stack[0]);
	free(stack[1]);
	memset(fiber, 0, sizeof(fiber));
	memset(&back, 0, sizeof(back));
}

int main(void)
{
	say("expect lost count=10 bytes=1000 stack=leak<left<run_left root=*");
	say("expect lost count=10 bytes=1000 stack=leak<right<run_right "
	    "root=*");
	say("expect lost count=22 bytes=2200 "
	    "stack=leak<between<make<away<main");
	away(make);
	return 0;
}
