/* Alternate signal stacks, of main and of another thread, that nothing but
 * the kernel knows. */
#include <pthread.h>
#include <signal.h>
#include "victim.h"

static pthread_barrier_t ready;

static NOINLINE void make(void)
{
	stack_t stack = {.ss_size = 65536};

	stack.ss_sp = MALLOC(65536);
	if (sigaltstack(&stack, NULL))
		_exit(99);
}

static void *worker(void *arg)
{
	away(make);
	pthread_barrier_wait(&ready);
	for (;;)
		pause();
	return arg;
}

int main(void)
{
	pthread_t thread;

	say("expect nothing");
	pthread_barrier_init(&ready, NULL, 2);
	away(make);
	if (pthread_create(&thread, NULL, worker, NULL))
		_exit(99);
	pthread_barrier_wait(&ready);
	return 0;
}
