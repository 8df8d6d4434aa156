/* Blocks held by memory that a signal handler mapped, mostly while it had
 * interrupted malloc or free. */
#include <signal.h>
#include <sys/mman.h>
#include "victim.h"

static void *volatile got;

static void handler(int signal)
{
	(void)signal;
	if (!got)
		got = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static NOINLINE void hold(void)
{
	*(void **)got = MALLOC(100);
}

static NOINLINE void allocate(void)
{
	void *volatile p = malloc(50);

	free(p);
}

int main(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
				 .sigev_signo = SIGALRM};
	timer_t timer;

	say("expect nothing");
	signal(SIGALRM, handler);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		return 99;
	for (int round = 0; round < 100; round++) {
		struct itimerspec when = {{0, 0}, {0, 100000 + round * 1001}};

		got = NULL;
		timer_settime(timer, 0, &when, NULL);
		while (!got)
			allocate();
		away(hold);
	}
	return 0;
}
