/* Threads that ended leave stale pointers in the stacks that libc keeps for
 * the next: these hold nothing, joined or detached. */
#include <dirent.h>
#include <pthread.h>
#include "victim.h"

/* By the kernel's word: a thread that is not joined may take its time. */
static int threads(void)
{
	DIR *tasks = need(opendir("/proc/self/task"));
	int n = -2;

	while (readdir(tasks))
		n++;
	closedir(tasks);
	return n;
}

static void *worker(void *arg)
{
	void *volatile local[512];

	for (int i = 0; i < 512; i++)
		local[i] = MALLOC(100);
	USE(local);
	return arg;
}

int main(void)
{
	pthread_t thread[4];

	say("expect lost count=2048 bytes=204800 members=1 root=worker");
	for (int i = 0; i < 4; i++)
		if (pthread_create(&thread[i], NULL, worker, NULL))
			_exit(99);
	for (int i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	pthread_detach(thread[3]);
	while (threads() > 1)
		nap_ms(1);
	clobber();
	return 0;
}
