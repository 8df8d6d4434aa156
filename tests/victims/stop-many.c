/* Hundreds of threads, asleep in every way, others that come and go, while
 * scans are made: all are found, stopped and let go on. */
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include "victim.h"

#define SLEEPERS 600

static pthread_barrier_t start;
static sem_t semaphore;
static atomic_bool over;
static int ends[2];

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static void *sleeper(void *arg)
{
	void *volatile held = MALLOC(40); /* by this stack alone */
	struct pollfd fd = {ends[0], POLLIN, 0};
	char c;

	pthread_barrier_wait(&start);
	if ((intptr_t)arg % 3 == 0)
		sem_wait(&semaphore);
	else if ((intptr_t)arg % 3 == 1)
		poll(&fd, 1, -1);
	else if (read(ends[0], &c, 1))
		_exit(99);
	free(held);
	return NULL;
}

static void *short_lived(void *arg)
{
	free(MALLOC(50));
	return arg;
}

static void *maker(void *arg)
{
	pthread_t thread;

	while (!over) {
		if (pthread_create(&thread, NULL, short_lived, NULL))
			_exit(99);
		pthread_join(thread, NULL);
	}
	return arg;
}

int main(void)
{
	static pthread_t sleepers[SLEEPERS], makers[3];
	pthread_attr_t attr;

	say("option --interval=0.02");
	say("expect lost count=100 bytes=10000 function=lose");
	say("warning none");
	pthread_barrier_init(&start, NULL, SLEEPERS + 1);
	sem_init(&semaphore, 0, 0);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 128 << 10);
	if (pipe(ends))
		return 99;
	for (intptr_t i = 0; i < SLEEPERS; i++)
		if (pthread_create(&sleepers[i], &attr, sleeper, (void *)i))
			return 77;
	pthread_barrier_wait(&start);
	for (int i = 0; i < 3; i++)
		pthread_create(&makers[i], &attr, maker, NULL);
	for (volatile int i = 0; i < 100; i++) {
		away(lose);
		nap_ms(10);
	}
	over = true;
	close(ends[1]);
	for (int i = 0; i < SLEEPERS; i++)
		sem_post(&semaphore);
	for (int i = 0; i < SLEEPERS; i++)
		pthread_join(sleepers[i], NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(makers[i], NULL);
	return 0;
}
