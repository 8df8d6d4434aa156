/* Signals that would end the program come while its last scan is made: without
 * us it would have ended by then. Its status is its own, the scan is made. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include "macro.h"

#define BLOCKS 200000

static void **list;
static sigset_t ends;
static volatile bool ready;

static NOINLINE void lose(void)
{
	CALLOC(100);
}

/* As soon as the first thread blocks all signals: it makes the scan. */
static void wait_for_scan(void)
{
	char path[64], text[2048], *at;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/status", getpid());
	do {
		fd = open(path, O_RDONLY);
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[n > 0 ? n : 0] = '\0';
		at = strstr(text, "SigBlk:\t");
	} while (at && !(strtoull(at + 8, NULL, 16) >> (SIGTERM - 1) & 1));
}

static void *end(void *arg)
{
#ifdef OTHER
	pthread_sigmask(SIG_UNBLOCK, &ends, NULL);
#endif
	while (!ready)
		nap_ms(1);
	for (;;) {
		wait_for_scan();
		kill(getpid(), SIGTERM);
		kill(getpid(), SIGINT);
		nap_ms(1);
	}
	return arg;
}

int main(void)
{
	pthread_t thread;

	say("option --threshold=10000000");
	say("expect lost count=1 bytes=100 function=lose");
	say("total findings=1");
	away(lose);
	TIMES(BLOCKS)
	{
		void **block = CALLOC(40);

		*block = list;
		list = block;
	}
	if (gordian_is_enabled() == -1)
		return 5;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	if (pthread_create(&thread, NULL, end, NULL))
		return 99;
	pthread_sigmask(SIG_UNBLOCK, &ends, NULL);
	ready = true;
	return 5;
}
