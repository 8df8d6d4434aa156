/* A timer's signal every 200 µs during allocations and scans: neither takes
 * harm. */
#include <signal.h>
#include <sys/time.h>
#include "victim.h"

static volatile sig_atomic_t signals;

static void handler(int signal)
{
	(void)signal;
	signals++;
}

static NOINLINE void lose(void)
{
	MALLOC(100);
}

static NOINLINE void work(void)
{
	void *p = MALLOC(200);

	p = need(realloc(p, 400));
	free(p);
}

int main(void)
{
	struct itimerval often = {{0, 200}, {0, 200}}, never = {{0}, {0}};
	struct sigaction action = {.sa_handler = handler,
				   .sa_flags = SA_RESTART};
	time_t start = time(NULL);

	say("option --interval=0.01");
	say("expect lost count=1000 bytes=100000 function=lose");
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	TIMES(1000)
	away(lose);
	while (time(NULL) < start + 1)
		away(work);
	setitimer(ITIMER_REAL, &never, NULL);
	return signals == 0;
}
