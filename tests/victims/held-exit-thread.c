/* Another thread calls exit while main waits: main's frames hold. */
#include <pthread.h>
#include "victim.h"

static void *ender(void *arg)
{
	void *volatile local = MALLOC(100);

	nap_ms(20);
	exit(0);
	USE(local);
	return arg;
}

int main(void)
{
	void *volatile local;
	pthread_t thread;

	say("expect nothing");
	local = MALLOC(200);
	if (pthread_create(&thread, NULL, ender, NULL))
		_exit(99);
	pthread_join(thread, NULL);
	USE(local);
	return 1;
}
