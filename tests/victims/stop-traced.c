/* A debugger keeps one thread stopped for two seconds, in which no scan is
 * made; those before and after it are. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "victim.h"

static atomic_int tid;

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

	if (ptrace(PTRACE_SEIZE, thread, NULL, NULL) ||
	    ptrace(PTRACE_INTERRUPT, thread, NULL, NULL) ||
	    waitpid(thread, &status, __WALL) != thread)
		return 77;
	nap_ms(2000);
	return ptrace(PTRACE_DETACH, thread, NULL, NULL) ? 99 : 0;
}

int main(void)
{
	pthread_t id;
	int status;
	pid_t child;

	say("option --interval=0.02");
	say("expect lost count=30 bytes=3000 function=lose");
	say("warning is stopped");
	pthread_create(&id, NULL, sleeper, NULL);
	while (!tid)
		nap_ms(1);
	child = fork();
	if (!child)
		_exit(debug(tid));
	for (volatile int i = 0; i < 30; i++) {
		away(lose);
		nap_ms(100);
	}
	if (waitpid(child, &status, 0) != child)
		return 99;
	return WEXITSTATUS(status);
}
