/* Blocks held by the stack of another thread, by its thread-local storage,
 * and by the result of one that ended and was not joined. */
#include <pthread.h>
#include "victim.h"

static __thread void *tls[3];
static pthread_barrier_t ready;

static NOINLINE void fill(void)
{
	tls[2] = MALLOC(200);
	USE(tls);
}

static void *sleeper(void *arg)
{
	void *volatile local = MALLOC(100);

	away(fill);
	pthread_barrier_wait(&ready);
	for (;;)
		pause();
	USE(local);
	return arg;
}

static void *result(void *arg)
{
	(void)arg;
	return MALLOC(300);
}

int main(void)
{
	pthread_t thread[2];

	say("expect nothing");
	pthread_barrier_init(&ready, NULL, 2);
	if (pthread_create(&thread[0], NULL, sleeper, NULL) ||
	    pthread_create(&thread[1], NULL, result, NULL))
		_exit(99);
	pthread_barrier_wait(&ready);
	nap_ms(50); /* the second ends */
	clobber();
	return 0;
}
