/* Calls that a program is asleep in. */
#ifndef ACT_BLOCKED_H
#define ACT_BLOCKED_H

#include "act.h"

static sem_t semaphore;

static void *wait_for_input(void *arg)
{
	char c;

	while (read(0, &c, 1) < 0)
		;
	sem_post(&semaphore);
	return arg;
}

static pthread_t helper(void)
{
	pthread_t thread;

	sem_init(&semaphore, 0, 0);
	pthread_create(&thread, NULL, wait_for_input, NULL);
	return thread;
}

static int timed_socket(time_t seconds)
{
	struct timeval t = {seconds, 0};
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) ||
	    setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)))
		_exit(99);
	return fd[0];
}

/* Blocks until standard input ends, in that call; or, once its time is over,
 * in another. */
static void blocked(void)
{
	const char *what = word();
	struct pollfd fd = {0, POLLIN, 0};
	struct epoll_event event = {.events = EPOLLIN};
	fd_set set;
	struct timespec second = {1, 0};
	pthread_t thread = 0;
	int epoll, result = -2;
	sigset_t none;
	char c;

	sigemptyset(&none);
	FD_ZERO(&set);
	FD_SET(0, &set);
	epoll = epoll_create1(0);
	epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &event);
	signal(SIGUSR1, on_signal);
	if (!strcmp(what, "sem") || !strcmp(what, "join"))
		thread = helper();
	errno = 0;
	say("ready");
	if (!strcmp(what, "read"))
		result = read(0, &c, 1);
	else if (!strcmp(what, "poll"))
		result = poll(&fd, 1, 60000);
	else if (!strcmp(what, "epoll"))
		result = epoll_wait(epoll, &event, 1, -1);
	else if (!strcmp(what, "select"))
		result = select(1, &set, NULL, NULL, NULL);
	else if (!strcmp(what, "sleep"))
		result = sleep(2);
	else if (!strcmp(what, "pause"))
		result = pause();
	else if (!strcmp(what, "sigwait"))
		result = sigtimedwait(&none, NULL, &second);
	else if (!strcmp(what, "sem"))
		result = sem_wait(&semaphore);
	else if (!strcmp(what, "recv"))
		result = recv(timed_socket(2), &c, 1, 0);
	else if (!strcmp(what, "syscall"))
		result = syscall(SYS_poll, NULL, 0, 2000);
	else if (!strcmp(what, "join"))
		result = pthread_join(thread, NULL);
	else if (!strcmp(what, "busy"))
		for (; poll(&fd, 1, 0) == 0; result = 0)
			for (volatile int i = 0; i < 100000; i++)
				;
	else
		_exit(99);
	say("%s %d %d", what, result, errno);
	close(epoll);
	if (!strcmp(what, "sleep") || !strcmp(what, "sigwait") ||
	    !strcmp(what, "recv") || !strcmp(what, "syscall"))
		while (read(0, &c, 1) > 0)
			;
}

#endif
