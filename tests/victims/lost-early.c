/* Leaks of a constructor that runs before main, and of a thread's key
 * destructor. */
#include <pthread.h>
#include "victim.h"

static NOINLINE void before_main(void)
{
	MALLOC(100);
}

static __attribute__((constructor)) void early(void)
{
	away(before_main);
}

static void late(void *arg)
{
	USE(arg);
	MALLOC(200);
}

static void *worker(void *arg)
{
	pthread_key_t key;

	pthread_key_create(&key, late);
	pthread_setspecific(key, "set");
	return arg;
}

int main(void)
{
	pthread_t thread;

	say("expect lost count=1 bytes=100 root=early function=before_main");
	say("expect lost count=1 bytes=200 root=late");
	if (pthread_create(&thread, NULL, worker, NULL))
		_exit(99);
	pthread_join(thread, NULL);
	return 0;
}
