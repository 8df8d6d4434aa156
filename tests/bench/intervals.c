/*
 * A workload of small blocks that come and go, beside a heap that stays and
 * threads that sleep.
 *
 *	intervals THREADS
 *
 * Prints the ns of wall time of a malloc and its free.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define KEPT 300000
#define PAIRS 50000000

static void *volatile kept[KEPT];

static void *sleeper(void *arg)
{
	free(malloc(1));
	pause();
	return arg;
}

static void start_threads(int n)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	while (n-- > 0)
		if (pthread_create(&thread, &attr, sleeper, NULL))
			abort();
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv)
{
	double start;
	long i;

	start_threads(argc > 1 ? atoi(argv[1]) : 0);
	for (i = 0; i < KEPT; i++)
		kept[i] = malloc(40);
	start = now();
	for (i = 0; i < PAIRS; i++) {
		void *volatile block = malloc(24);

		free(block);
	}
	printf("%.2f\n", (now() - start) / PAIRS);
	return 0;
}
