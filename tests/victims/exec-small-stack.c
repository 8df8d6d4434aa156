/* A thread with the least stack executes others, with an environment of its
 * own, by each way that there is: what is put into the environment needs room
 * elsewhere. */
#include <limits.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>
#include "victim.h"

static char *words[400];
static char *argv[] = {"true", NULL};

static void await(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		_exit(98);
}

static void *work(void *arg)
{
	pid_t pid;

	if (posix_spawn(&pid, "/bin/true", NULL, NULL, argv, words))
		_exit(97);
	await(pid);
	pid = vfork();
	if (!pid) {
		execve("/bin/true", argv, words);
		_exit(96);
	}
	await(pid);
	pid = fork();
	if (!pid) {
		execve("/bin/true", argv, words);
		_exit(95);
	}
	await(pid);
	return arg;
}

int main(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	size_t i;

	say("expect nothing");
	for (i = 0; i + 1 < sizeof words / sizeof *words; i++)
		words[i] = "AAAAAAAAAA=1";
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 16384);
	if (pthread_create(&thread, &attr, work, NULL))
		return 99;
	pthread_join(thread, NULL);
	return 0;
}
