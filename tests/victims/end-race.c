/* Threads that end the program at once: there is a last scan, whoever comes
 * first. */
#include <pthread.h>
#include <signal.h>
#include "victim.h"

#define THREADS 8

static pthread_barrier_t all;

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static void *work(void *arg)
{
	pthread_barrier_wait(&all);
	END;
	return arg;
}

int main(void)
{
	pthread_t thread;
	int i;

	say("expect lost count=1 bytes=100 function=lose");
	away(lose);
	pthread_barrier_init(&all, NULL, THREADS);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, work, NULL))
			return 99;
	for (;;)
		pause();
}
