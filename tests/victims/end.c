/* The ways for a program to end: built once for each, with -DEND=…; what was
 * lost is found at all of them, and what a frame holds is not. */
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include "victim.h"

static NOINLINE void make(void)
{
	void **a = CALLOC(32), **b = CALLOC(48);

	a[0] = b;
	b[0] = a;
	MALLOC(100);
}

static __attribute__((unused)) void *exit_7(void *arg)
{
	USE(arg);
	nap_ms(20);
	exit(7);
}

/* Ends as the last thread, after main's. */
static __attribute__((unused)) void *last(void *arg)
{
	nap_ms(50);
	return arg;
}

static __attribute__((unused)) void wait_for_end(void)
{
	for (;;)
		pause();
}

static __attribute__((unused)) void start(void *(*f)(void *))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, f, NULL))
		_exit(99);
}

int main(void)
{
	void *volatile local;

	say("expect cycle count=1 bytes=80 members=2");
	say("expect lost count=1 bytes=100");
	local = MALLOC(200);
	away(make);
	END;
	free(local);
	return 5;
}
