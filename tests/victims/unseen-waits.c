/* The program's waits and SIGCHLD tell of its own children alone, however they
 * wait. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include "victim.h"

static volatile sig_atomic_t signals, strange;

static void on_child(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	signals++;
	if (info->si_code != CLD_EXITED || info->si_status != 7)
		strange++;
}

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static pid_t child(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(7);
	return pid;
}

/* Wrong: it waited for another, or for more than there are. */
static int wait_by(int how, pid_t pid)
{
	siginfo_t info = {.si_pid = 0};
	int status = 7 << 8;
	pid_t got = 0;

	if (how == 0)
		got = wait(&status);
	else if (how == 1)
		got = waitpid(-1, &status, 0);
	else if (how == 2)
		got = waitpid(0, &status, 0); /* of this process group */
	else if (how == 3)
		got = wait4(-1, &status, WUNTRACED, NULL);
	else if (!waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WCONTINUED))
		got = info.si_pid;
	return got != pid || status != 7 << 8;
}

int main(void)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART};
	siginfo_t info;
	int wrong = 0;

	say("option --interval=0.01");
	say("option --threshold=5");
	say("expect lost count=100 bytes=10000 function=lose");
	action.sa_sigaction = on_child;
	sigaction(SIGCHLD, &action, NULL);
	for (volatile int i = 0; i < 100; i++) {
		pid_t pid = child();

		away(lose);
		nap_ms(5);
		wrong += wait_by(i % 5, pid);
		wrong += waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD;
		errno = 0;
		wrong += waitid(P_ALL, 0, &info, WEXITED | WNOHANG) != -1 ||
			 errno != ECHILD;
	}
	say("wrong %d strange %d signals %d", wrong, strange, signals);
	return wrong || strange || signals != 100;
}
