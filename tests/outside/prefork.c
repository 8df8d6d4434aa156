/*
 * A server that forks its workers before it accepts: each serves some
 * connections, keeps what it was told until it has served them all, and ends.
 * Prints its port, then how each worker ended.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 4
#define CONNECTIONS 15 /* each */

struct told {
	struct told *next;
	char *line;
};

static struct told *told;

static void remember(const char *line)
{
	struct told *t = malloc(sizeof *t);

	t->line = strdup(line);
	t->next = told;
	told = t;
}

static void forget(void)
{
	while (told) {
		struct told *t = told;

		told = t->next;
		free(t->line);
		free(t);
	}
}

static void serve(int listener)
{
	char line[256];
	int i;

	for (i = 0; i < CONNECTIONS; i++) {
		int fd = accept(listener, NULL, NULL);
		ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof line - 1);

		if (n < 0)
			exit(1);
		line[n] = 0;
		remember(line);
		dprintf(fd, "%zu\n", strlen(told->line));
		close(fd);
	}
	forget();
}

int main(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t size = sizeof at;
	int listener = socket(AF_INET, SOCK_STREAM, 0), i, status;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&at, size) ||
	    listen(listener, 64) ||
	    getsockname(listener, (struct sockaddr *)&at, &size))
		return 1;
	remember("the parent's, freed by each of its children too");
	printf("%d\n", ntohs(at.sin_port));
	fflush(stdout);
	for (i = 0; i < WORKERS; i++) {
		if (!fork()) {
			serve(listener);
			exit(0);
		}
	}
	while (wait(&status) > 0)
		printf("%d\n", status);
	forget();
	return 0;
}
