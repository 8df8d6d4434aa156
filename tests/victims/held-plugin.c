/* Blocks that an open plugin holds: in its data, in its thread-local storage
 * of main and of another thread; and the allocations of dlopen itself. */
#include <dlfcn.h>
#include <pthread.h>
#include "victim.h"

static void (*hold_data)(void), (*hold_tls)(void);
static pthread_barrier_t ready;

static void *worker(void *arg)
{
	away(hold_tls);
	pthread_barrier_wait(&ready);
	for (;;)
		pause();
	return arg;
}

static NOINLINE void make(void)
{
	char path[PATH_MAX];
	void *plugin = dlopen(beside(path, "plugin-hold.so"), RTLD_NOW);

	if (!plugin)
		_exit(77);
	hold_data = (void (*)(void))dlsym(plugin, "hold_data");
	hold_tls = (void (*)(void))dlsym(plugin, "hold_tls");
	if (dlopen("/nonexistent", RTLD_NOW)) /* leaves an error message */
		_exit(99);
}

int main(void)
{
	pthread_t thread;

	say("expect nothing");
	pthread_barrier_init(&ready, NULL, 2);
	away(make);
	away(hold_data);
	away(hold_tls);
	if (pthread_create(&thread, NULL, worker, NULL))
		_exit(99);
	pthread_barrier_wait(&ready);
	return 0;
}
