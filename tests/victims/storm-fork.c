/* A threaded program that forks while its other threads allocate: children
 * can allocate, and lose what they lose. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include "victim.h"

static atomic_int stop;

static void *worker(void *arg)
{
	while (!stop)
		free(MALLOC(100));
	return arg;
}

static NOINLINE void in_child(void)
{
	void *lost = MALLOC(300), *p = MALLOC(400);

	free(p);
	USE(lost);
}

int main(void)
{
	pthread_t thread[2];
	pid_t child;
	int status;

	say("option --interval=0.05");
	for (int i = 0; i < 20; i++)
		say("expect lost count=1 bytes=300 function=in_child in=child");
	for (int i = 0; i < 2; i++)
		if (pthread_create(&thread[i], NULL, worker, NULL))
			_exit(99);
	for (int i = 0; i < 20; i++) {
		child = fork();
		if (child == 0) {
			away(in_child);
			_exit(3);
		}
		if (child < 0 || waitpid(child, &status, 0) != child ||
		    WEXITSTATUS(status) != 3)
			_exit(98);
	}
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
