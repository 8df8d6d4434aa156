/* There may be as many processes as the program makes itself, and no more: a
 * scan's child takes none of their places, neither at work nor when it has
 * ended. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "victim.h"

#define NOBODY 54321 /* who has no other process */
#define PARENTS 50000

extern char **environ;

static void *thread_run(void *arg)
{
	return arg;
}

static int clone_run(void *arg)
{
	(void)arg;
	return 0;
}

static int reaped(pid_t pid)
{
	return pid > 0 && waitpid(pid, NULL, __WALL) == pid;
}

static void *parents[PARENTS];

/* The child makes nothing of its own: no scan is made of it, which would find
 * no place. */
static int by_fork(void)
{
	pid_t pid = fork();
	int i;

	if (pid)
		return reaped(pid);
	for (i = 0; i < PARENTS; i++)
		free(parents[i]);
	_exit(0);
}

static int by_vfork(void)
{
	pid_t pid = vfork();

	if (!pid)
		_exit(0);
	return reaped(pid);
}

static int by_clone(void)
{
	static char stack[64 << 10] __attribute__((aligned(16)));

	return reaped(clone(clone_run, stack + sizeof stack, SIGCHLD, NULL));
}

static int by_spawn(void)
{
	char *argv[] = {"none", NULL};
	pid_t pid;

	return posix_spawn(&pid, "/nonexistent", NULL, NULL, argv, environ) ==
	       ENOENT;
}

static int by_thread(void)
{
	pthread_t thread;

	return !pthread_create(&thread, NULL, thread_run, NULL) &&
	       !pthread_join(thread, NULL);
}

static int by_system(void)
{
	return !system(":");
}

static int by_popen(void)
{
	FILE *file = popen(":", "r");

	return file && !pclose(file);
}

static void keep_busy(void)
{
	int i;

	for (i = 0; i < 20000; i++) {
		void *p = MALLOC(24);

		USE(p);
		free(p);
	}
}

int main(void)
{
	static int (*const ways[])(void) = {by_fork,  by_vfork,	 by_clone,
					    by_spawn, by_thread, by_system,
					    by_popen};
	struct rlimit two = {2, 2};
	unsigned i = 0;

	if (getuid())
		return needs_root();
	for (i = 0; i < PARENTS; i++)
		parents[i] = MALLOC(24);
	i = 0;
	say("option --follow=no --interval=0.001 --budget=100");
	say("expect nothing");
	if (setgid(NOBODY) || setuid(NOBODY) || setrlimit(RLIMIT_NPROC, &two))
		_exit(99);
	TIMES(140)
	{
		keep_busy();
		if (!ways[i % 7]())
			return 1 + i % 7;
		i++;
	}
	return 0;
}
