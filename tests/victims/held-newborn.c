/* Threads made right before the end: most have not run yet, and their
 * argument alone holds a block. */
#include <pthread.h>
#include "victim.h"

static void *sleeper(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static NOINLINE void make(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 << 10);
	for (int i = 0; i < 64; i++)
		if (pthread_create(&thread, &attr, sleeper, MALLOC(100 + i)))
			_exit(99);
	pthread_attr_destroy(&attr);
}

int main(void)
{
	say("expect nothing");
	away(make);
	return 0;
}
