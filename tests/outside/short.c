/*
 * What tests/outside/short.py starts with little memory: as many threads at
 * once as argument 1 says, then a block of argument 2's MiB, a mapping of one
 * more, a child. Says what it was refused, and ends with 0 when that was
 * nothing.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../victims/victim.h"

static int refused;

static void expect(int got, const char *what)
{
	if (got)
		return;
	say("no %s", what);
	refused = 1;
}

static void *work(void *lock)
{
	free(malloc(1000));
	pthread_mutex_lock(lock);
	pthread_mutex_unlock(lock);
	return NULL;
}

static void in_threads(int n)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_t thread[64];
	int made = 0;

	pthread_mutex_lock(&lock);
	while (made < n && !pthread_create(&thread[made], NULL, work, &lock))
		made++;
	expect(made == n, "thread");
	pthread_mutex_unlock(&lock);
	while (made--)
		pthread_join(thread[made], NULL);
}

int main(int argc, char **argv)
{
	size_t large = atol(argv[2]) << 20;
	char *block;
	int status = -1;
	pid_t pid;

	(void)argc;
	in_threads(atoi(argv[1]));
	block = calloc(large, 1);
	expect(block != NULL, "block");
	if (block)
		memset(block, 1, large);
	expect(mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0) != MAP_FAILED,
	       "mapping");
	pid = fork();
	if (!pid) {
		char *volatile small = malloc(10);

		free(small);
		_exit(small ? 3 : 4);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	expect(status == 3 << 8, "child");
	free(block);
	return refused;
}
