/* A debugger keeps one thread stopped for two seconds at least, in which scans
 * are tried; those before and after it are made. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "victim.h"

static atomic_int tid;
static int stopped[2], enough[2]; /* the two tell each other */

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static void *sleeper(void *arg)
{
	tid = syscall(SYS_gettid);
	for (;;)
		pause();
	return arg;
}

static int debug(pid_t thread)
{
	int status;
	char c = 0;

	if (ptrace(PTRACE_SEIZE, thread, NULL, NULL) ||
	    ptrace(PTRACE_INTERRUPT, thread, NULL, NULL) ||
	    waitpid(thread, &status, __WALL) != thread)
		return 77;
	if (write(stopped[1], &c, 1) != 1 || read(enough[0], &c, 1) != 1)
		return 99;
	return ptrace(PTRACE_DETACH, thread, NULL, NULL) ? 99 : 0;
}

static NOINLINE void work(void)
{
	char c = 0;

	for (volatile int i = 0; i < 30; i++) {
		if (i == 20 && write(enough[1], &c, 1) != 1)
			_exit(99);
		away(lose);
		nap_ms(100);
	}
}

int main(void)
{
	pthread_t id;
	int status;
	pid_t child;
	char c = 0;

	say("option --interval=0.02");
	say("expect lost count=30 bytes=3000 function=lose");
	say("warning is stopped");
	if (pipe(stopped) || pipe(enough))
		return 99;
	pthread_create(&id, NULL, sleeper, NULL);
	while (!tid)
		nap_ms(1);
	child = fork();
	if (!child)
		_exit(debug(tid));
	close(stopped[1]);
	if (read(stopped[0], &c, 1) == 1) /* or it cannot debug here */
		work();
	if (waitpid(child, &status, 0) != child)
		return 99;
	return WEXITSTATUS(status);
}
