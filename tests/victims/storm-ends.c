/* SIGTERM comes at any moment of a program that forks, fails to execute and
 * allocates under frequent scans: it ends it, at once. */
#include <signal.h>
#include <sys/wait.h>
#include "victim.h"

static void work(void)
{
	char *const arguments[] = {"none", NULL};
	pid_t child;

	for (;;) {
		child = fork();
		if (!child)
			_exit(0);
		waitpid(child, NULL, 0);
		execv("/nonexistent", arguments);
		free(MALLOC(10));
	}
}

int main(void)
{
	int status;
	pid_t child;

	say("option --interval=0.003");
	say("expect nothing");
	for (int i = 0; i < 40; i++) {
		child = fork();
		if (!child)
			work();
		nap_ms(3 + i % 20);
		kill(child, SIGTERM);
		alarm(100);
		if (waitpid(child, &status, 0) != child || status != SIGTERM)
			return 1;
	}
	return 0;
}
