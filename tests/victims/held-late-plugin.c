/* A plugin's data lies where stacks of threads were that libc has given back:
 * what it holds is held. */
#include <dlfcn.h>
#include <pthread.h>
#include "victim.h"

#define THREADS 16 /* libc keeps stacks of 40 MB in all */

static pthread_barrier_t together;

static void *worker(void *arg)
{
	pthread_barrier_wait(&together);
	return arg;
}

static void run_threads(void)
{
	pthread_t thread[THREADS];

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&thread[i], NULL, worker, NULL))
			_exit(99);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
}

static NOINLINE void make(void)
{
	char path[PATH_MAX];
	void *plugin = dlopen(beside(path, "plugin-large.so"), RTLD_NOW);

	if (!plugin)
		_exit(77);
	((void (*)(void))dlsym(plugin, "hold_large"))();
}

int main(void)
{
	say("expect nothing");
	pthread_barrier_init(&together, NULL, THREADS);
	run_threads();
	run_threads(); /* who came later finds that the first have ended */
	away(make);
	return 0;
}
