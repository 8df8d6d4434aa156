/* Threads whose stacks, or alternate signal stacks, have no room for a signal
 * or are another thread's too: a stop leaves them and their neighbours alone.
 * The threads run while they are stopped, and check what is theirs. */
#include <alloca.h>
#include <pthread.h>
#include <signal.h>
#include <ucontext.h>
#include "victim.h"

#define THREADS 4
#define FILL 0x5a

int check(void) __asm__("__lsan_do_recoverable_leak_check")
	__attribute__((weak));

static volatile int ready, done;

#if defined(SHARED)
/* All threads have the same alternate stack, as varnishd's workers. */
static char alternate[65536];

static void *work(void *arg)
{
	stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
	volatile uintptr_t mine = (uintptr_t)arg;

	sigaltstack(&stack, NULL);
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	while (!done)
		if (mine != (uintptr_t)arg)
			abort();
	return (void *)mine;
}
#else
/* Spins on a stack of which so much is used. */
static NOINLINE void use_stack(size_t used)
{
	volatile char *room = alloca(used);
	size_t i;

	for (i = 0; i < used; i += 64)
		room[i] = 1;
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	while (!done)
		for (i = 0; i < used; i += 64)
			if (room[i] != 1)
				abort();
}

#ifndef SMALL
#define AROUND 8192
static __thread ucontext_t back, fiber;

static void run_fiber(void)
{
	use_stack(AROUND - 3072);
	swapcontext(&fiber, &back);
}

/* A fiber of 8 KB, other memory of the program below and above it. */
static void *work(void *arg)
{
	char *around = malloc(3 * AROUND);
	size_t i;

	memset(around, FILL, 3 * AROUND);
	getcontext(&fiber);
	fiber.uc_stack.ss_sp = around + AROUND;
	fiber.uc_stack.ss_size = AROUND;
	fiber.uc_link = &back;
	makecontext(&fiber, run_fiber, 0);
	swapcontext(&back, &fiber);
	for (i = 0; i < AROUND; i++)
		if (around[i] != FILL || around[2 * AROUND + i] != FILL)
			abort();
	free(around);
	return arg;
}
#else
/* Of 16 KB, which a thread's own data shares. */
static void *work(void *arg)
{
	use_stack(11000);
	return arg;
}
#endif
#endif

int main(void)
{
	pthread_t thread[THREADS];
	pthread_attr_t attr;
	uintptr_t i;
	void *got;

	say("expect nothing");
	pthread_attr_init(&attr);
#ifdef SMALL
	pthread_attr_setstacksize(&attr, 16384);
#endif
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread[i], &attr, work, (void *)i))
			return 99;
	while (ready < THREADS)
		nap_ms(1);
	for (i = 0; check && i < 10; i++)
		check();
	done = 1;
	for (i = 0; i < THREADS; i++)
		if (pthread_join(thread[i], &got) || got != (void *)i)
			return 98;
	return 0;
}
