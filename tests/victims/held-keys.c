/* Values of a hundred pthread keys (32 lie in the thread's descriptor, the
 * rest in a block of libc's) of main and of a live thread. */
#include <pthread.h>
#include "victim.h"

static pthread_key_t keys[100];
static pthread_barrier_t ready;

static NOINLINE void fill(void)
{
	for (int i = 0; i < 100; i++)
		pthread_setspecific(keys[i], MALLOC(100 + i));
}

static void *worker(void *arg)
{
	away(fill);
	pthread_barrier_wait(&ready);
	for (;;)
		pause();
	return arg;
}

int main(void)
{
	pthread_t thread;

	say("expect nothing");
	for (int i = 0; i < 100; i++)
		pthread_key_create(&keys[i], NULL);
	pthread_barrier_init(&ready, NULL, 2);
	away(fill);
	if (pthread_create(&thread, NULL, worker, NULL))
		_exit(99);
	pthread_barrier_wait(&ready);
	return 0;
}
