/* A thread's stack that is itself a malloc block, which nothing but the
 * thread holds: it is live, and so is what its frames hold. */
#include <pthread.h>
#include "victim.h"

static pthread_barrier_t ready;

static void *sleeper(void *arg)
{
	void *volatile local = MALLOC(100);

	pthread_barrier_wait(&ready);
	for (;;)
		pause();
	USE(local);
	return arg;
}

static NOINLINE void make(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, need(aligned_alloc(4096, 256 << 10)),
			      256 << 10);
	if (pthread_create(&thread, &attr, sleeper, NULL))
		_exit(99);
	pthread_attr_destroy(&attr);
	memset(&attr, 0, sizeof(attr));
	USE(&attr);
	pthread_barrier_wait(&ready);
}

int main(void)
{
	say("expect nothing");
	pthread_barrier_init(&ready, NULL, 2);
	away(make);
	return 0;
}
