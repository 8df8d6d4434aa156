/* Threads open and close a plugin while scans come in, and at the end. */
#include <dlfcn.h>
#include <pthread.h>
#include "victim.h"

static char path[PATH_MAX];

static void *worker(void *arg)
{
	for (;;) {
		void *plugin = dlopen(path, RTLD_NOW);

		if (!plugin)
			_exit(77);
		((void (*)(void))dlsym(plugin, "plugin_run"))();
		dlclose(plugin);
	}
	return arg;
}

static NOINLINE void lose(void)
{
	MALLOC(123);
}

int main(void)
{
	pthread_t thread;

	say("option --interval=0.02");
	say("expect lost count=1 bytes=123");
	beside(path, "plugin-free.so");
	away(lose);
	for (int i = 0; i < 2; i++)
		if (pthread_create(&thread, NULL, worker, NULL))
			_exit(99);
	nap_ms(500);
	return 0;
}
