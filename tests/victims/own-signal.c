/* A program that uses every real-time signal itself, with values of its own;
 * a vfork child sets handlers back for itself alone. */
#include <signal.h>
#include <sys/wait.h>
#include "victim.h"

static volatile sig_atomic_t got;

static void take(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	got = info->si_value.sival_int;
}

static void plain(int signal)
{
	(void)signal;
}

int main(void)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO}, now;
	union sigval value = {.sival_int = 77};
	int status;
	pid_t child;

	say("expect nothing");
	action.sa_sigaction = take;
	sigfillset(&action.sa_mask);
	for (int s = SIGRTMIN; s <= SIGRTMAX; s++) {
		got = 0;
		sigaction(s, &action, NULL);
		sigqueue(getpid(), s, value);
		if (got != 77)
			return 1;
	}
	signal(SIGTERM, plain);
	child = vfork();
	if (!child) {
		signal(SIGTERM, SIG_DFL);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child || status)
		return 2;
	sigaction(SIGTERM, NULL, &now);
	if (now.sa_handler != plain)
		return 3;
	signal(SIGTERM, SIG_DFL);
	return signal(SIGTERM, SIG_IGN) == SIG_DFL ? 0 : 4;
}
