/* Threads that block every signal as libc lets them can be stopped as any. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include "victim.h"

static int ends[2];
static sigset_t all;

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static void *in_sigwait(void *arg)
{
	int sig;

	pthread_sigmask(SIG_SETMASK, &all, NULL);
	free(MALLOC(10));
	sigwait(&all, &sig);
	return arg;
}

static void *in_sigwaitinfo(void *arg)
{
	sigprocmask(SIG_BLOCK, &all, NULL);
	sigwaitinfo(&all, NULL);
	return arg;
}

static void *in_read(void *arg)
{
	char c;

	pthread_sigmask(SIG_SETMASK, &all, NULL);
	while (read(ends[0], &c, 1))
		;
	return arg;
}

static void *in_ppoll(void *arg)
{
	struct pollfd fd = {ends[0], POLLIN, 0};

	ppoll(&fd, 1, NULL, &all);
	return arg;
}

static void *in_pselect(void *arg)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	pselect(ends[0] + 1, &set, NULL, NULL, NULL, &all);
	return arg;
}

static void *in_epoll(void *arg)
{
	struct epoll_event event = {.events = EPOLLIN};
	int fd = epoll_create1(0);

	epoll_ctl(fd, EPOLL_CTL_ADD, ends[0], &event);
	epoll_pwait(fd, &event, 1, -1, &all);
	return arg;
}

static void *in_sigsuspend(void *arg)
{
	sigset_t mask = all;

	sigdelset(&mask, SIGUSR1);
	sigsuspend(&mask);
	return arg;
}

static void taken(int sig)
{
	(void)sig;
}

int main(void)
{
	void *(*const ways[])(void *) = {in_sigwait,   in_sigwaitinfo, in_read,
					 in_ppoll,     in_pselect,     in_epoll,
					 in_sigsuspend};
	const int n = sizeof ways / sizeof *ways;
	pthread_t threads[n + 1];
	pthread_attr_t attr;

	say("option --interval=0.02");
	say("expect lost count=50 bytes=5000 function=lose");
	say("warning none");
	sigfillset(&all);
	signal(SIGUSR1, taken);
	if (pipe(ends))
		return 99;
	for (int i = 0; i < n; i++)
		pthread_create(&threads[i], NULL, ways[i], NULL);
	pthread_attr_init(&attr);
	pthread_attr_setsigmask_np(&attr, &all);
	pthread_create(&threads[n], &attr, in_sigwait, NULL);
	pthread_attr_destroy(&attr);
	for (volatile int i = 0; i < 50; i++) {
		away(lose);
		nap_ms(30);
	}
	close(ends[1]);
	pthread_kill(threads[0], SIGUSR1);
	pthread_kill(threads[1], SIGUSR1);
	pthread_kill(threads[6], SIGUSR1);
	pthread_kill(threads[n], SIGUSR1);
	for (int i = 0; i <= n; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
