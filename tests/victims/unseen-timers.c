/* Timers of every kind run through the scans, and stay as they are set. */
#include <signal.h>
#include <stdbool.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include "victim.h"

static volatile sig_atomic_t alarms, profs, posix, odd;

static void on_timer(int sig, siginfo_t *info, void *context)
{
	(void)context;
	alarms += sig == SIGALRM;
	profs += sig == SIGPROF;
	posix += sig == SIGUSR1 && info->si_code == SI_TIMER &&
		 info->si_value.sival_int == 77;
	odd += sig == SIGVTALRM;
}

static NOINLINE void lose(void)
{
	CALLOC(100);
}

int main(void)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
				 .sigev_signo = SIGUSR1,
				 .sigev_value.sival_int = 77};
	struct itimerval often = {{0, 5000}, {0, 5000}},
			 rarely = {{0, 0}, {99, 0}};
	struct itimerspec tenth = {{0, 100000000}, {0, 100000000}};
	uint64_t ticks = 0;
	timer_t timer;
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);

	say("option --interval=0.01");
	say("expect lost count=50 bytes=5000 function=lose");
	action.sa_sigaction = on_timer;
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGPROF, &action, NULL);
	sigaction(SIGVTALRM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	timerfd_settime(fd, 0, &tenth, NULL); /* before the one that counts */
	timer_settime(timer, 0, &tenth, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	setitimer(ITIMER_PROF, &often, NULL);
	setitimer(ITIMER_VIRTUAL, &rarely, NULL);
	while (posix < 10 || alarms < 50 || profs < 2)
		free(MALLOC(10));
	for (volatile int i = 0; i < 50; i++)
		away(lose);
	if (read(fd, &ticks, sizeof ticks) != sizeof ticks || ticks < 9)
		return 1;
	getitimer(ITIMER_VIRTUAL, &rarely);
	getitimer(ITIMER_REAL, &often);
	setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 0}}, NULL);
	setitimer(ITIMER_PROF, &(struct itimerval){{0, 0}, {0, 0}}, NULL);
	timer_delete(timer);
	say("odd %d rare %d often %d", odd,
	    rarely.it_value.tv_sec > 80 && !rarely.it_interval.tv_usec,
	    (int)often.it_interval.tv_usec);
	return 0;
}
