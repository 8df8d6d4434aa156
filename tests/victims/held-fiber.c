/* Fibers on malloc'd stacks, the one of number MAPPED on a mapped stack; the
 * program ends on the last, with main suspended. All their frames hold. */
#include <sys/mman.h>
#include <ucontext.h>
#include "victim.h"

#ifndef MAPPED
#define MAPPED 1
#endif
#define STACK (256u << 10)

static ucontext_t main_context, fiber[3];
static void *stack[3];

static void run(int i)
{
	void *volatile local = MALLOC(100 + i);

	if (i == 2)
		exit(0);
	swapcontext(&fiber[i], &main_context);
	USE(local);
}

int main(void)
{
	void *volatile local;

	say("expect nothing");
	local = MALLOC(200);
	for (int i = 0; i < 3; i++) {
		stack[i] = i == MAPPED
				   ? mmap(NULL, STACK, PROT_READ | PROT_WRITE,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
				   : MALLOC(STACK);
		if (stack[i] == MAP_FAILED || getcontext(&fiber[i]))
			_exit(99);
		fiber[i].uc_stack.ss_sp = stack[i];
		fiber[i].uc_stack.ss_size = STACK;
		makecontext(&fiber[i], (void (*)(void))run, 1, i);
		swapcontext(&main_context, &fiber[i]);
	}
	USE(local);
	return 1;
}
