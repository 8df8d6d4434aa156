/* Threads that resize and swap the only pointer to their blocks all the time
 * while scans come in: never is one unreached. */
#include <pthread.h>
#include <stdatomic.h>
#include "victim.h"

static atomic_int stop;

static void *worker(void *arg)
{
	void *volatile mine[8] = {NULL};

	for (unsigned i = 0; !stop; i++) {
		void *volatile *slot = &mine[i % 8];

		*slot = realloc(*slot, 1 + i * 7919 % 100000);
		if (i % 64 == 0)
			usleep(100);
	}
	for (int i = 0; i < 8; i++)
		free(mine[i]);
	return arg;
}

int main(void)
{
	pthread_t thread[3];

	say("option --interval=0.02");
	say("expect nothing");
	for (int i = 0; i < 3; i++)
		if (pthread_create(&thread[i], NULL, worker, NULL))
			_exit(99);
	nap_ms(600);
	stop = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
