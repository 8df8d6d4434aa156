/*
 * A thousand children of fork, each of which allocates once and ends.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN 1000

static void *volatile kept;

int main(void)
{
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return 1;
		if (!pid) {
			kept = malloc(100);
			exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	return 0;
}
