/* The thread that makes the scans has its stack in shared memory: it goes on
 * there while the child reads what it was told. */
#include <pthread.h>
#include <sys/mman.h>
#include "victim.h"

#define ROOM (1 << 18)

static void *volatile nothing;

static void *worker(void *arg)
{
	TIMES(300)
	{
		free(nothing);
		clobber();
		nap_ms(5);
	}
	return arg;
}

int main(void)
{
	char *stack = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_attr_t attr;
	pthread_t thread;

	say("option --interval=0.01");
	say("expect nothing");
	say("warning none");
	pthread_attr_init(&attr);
	if (stack == MAP_FAILED || pthread_attr_setstack(&attr, stack, ROOM) ||
	    pthread_create(&thread, &attr, worker, NULL))
		return 99;
	pthread_join(thread, NULL);
	return 0;
}
