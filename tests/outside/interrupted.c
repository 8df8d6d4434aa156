/*
 * For interrupted.py: a program that waits in a call until a handler ends it,
 * and, with -DBETWEEN, the library between Gordian and libc that raises the
 * signal where none could be sent on purpose: after the call that a scan has
 * interrupted (PLACE=0), or before the nth that Gordian makes again (PLACE=n).
 */
#ifdef BETWEEN
#include <dlfcn.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int calls, raised;

static void raise_once(void)
{
	if (raised++)
		return;
	alarm(20); /* ends the program where it waits again */
	raise(SIGUSR1);
}

static void before(void)
{
	int place = atoi(getenv("PLACE"));

	if (place && calls == place)
		raise_once();
	calls++;
}

static void after(long r)
{
	if (!atoi(getenv("PLACE")) && r == -1)
		raise_once();
}

#define BETWEEN_IN(result, name, args, ...)                   \
	result name args                                      \
	{                                                     \
		result(*next) args = dlsym(RTLD_NEXT, #name); \
		result r;                                     \
                                                              \
		before();                                     \
		r = next(__VA_ARGS__);                        \
		after(r == EINTR ? -1 : r);                   \
		return r;                                     \
	}
#define EINTR 4

BETWEEN_IN(int, pause, (void))
BETWEEN_IN(int, sigsuspend, (const sigset_t *a), a)
BETWEEN_IN(int, poll, (struct pollfd * a, nfds_t b, int c), a, b, c)
BETWEEN_IN(int, ppoll,
	   (struct pollfd * a, nfds_t b, const struct timespec *c,
	    const sigset_t *d),
	   a, b, c, d)
BETWEEN_IN(int, select,
	   (int a, fd_set *b, fd_set *c, fd_set *d, struct timeval *e), a, b, c,
	   d, e)
BETWEEN_IN(int, epoll_wait, (int a, struct epoll_event *b, int c, int d), a, b,
	   c, d)
BETWEEN_IN(int, nanosleep, (const struct timespec *a, struct timespec *b), a, b)
BETWEEN_IN(int, clock_nanosleep,
	   (clockid_t a, int b, const struct timespec *c, struct timespec *d),
	   a, b, c, d)
BETWEEN_IN(int, sem_timedwait, (sem_t * a, const struct timespec *b), a, b)
BETWEEN_IN(ssize_t, msgrcv, (int a, void *b, size_t c, long d, int e), a, b, c,
	   d, e)
BETWEEN_IN(ssize_t, recv, (int a, void *b, size_t c, int d), a, b, c, d)
BETWEEN_IN(ssize_t, recvmsg, (int a, struct msghdr *b, int c), a, b, c)
#else
#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static volatile int handled;
static int sleeps;

static void handle(int sig)
{
	struct timespec t = {0, 5000000};
	int saved = errno;

	(void)sig;
	if (sleeps)
		nanosleep(&t, NULL);
	handled++;
	errno = saved;
}

static long receive(void)
{
	struct timeval limit = {1000, 0};
	int fds[2];
	char byte;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		return 1;
	setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	return recv(fds[0], &byte, 1, 0);
}

static long receive_message(void)
{
	int queue = msgget(IPC_PRIVATE, 0600);
	char message[64];
	long r = msgrcv(queue, message, 8, 0, 0);
	int saved = errno;

	msgctl(queue, IPC_RMID, NULL);
	errno = saved;
	return r;
}

static long wait_semaphore(void)
{
	struct timespec until;
	sem_t sem;

	sem_init(&sem, 0, 0);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 1000;
	return sem_timedwait(&sem, &until);
}

static long wait_in(const char *call)
{
	struct timespec long_time = {1000, 0};
	struct timeval long_too = {1000, 0};
	struct epoll_event event;
	sigset_t none;

	sigemptyset(&none);
	if (!strcmp(call, "pause"))
		return pause();
	if (!strcmp(call, "sigsuspend"))
		return sigsuspend(&none);
	if (!strcmp(call, "poll"))
		return poll(NULL, 0, -1);
	if (!strcmp(call, "ppoll"))
		return ppoll(NULL, 0, &long_time, NULL);
	if (!strcmp(call, "select"))
		return select(0, NULL, NULL, NULL, &long_too);
	if (!strcmp(call, "epoll_wait"))
		return epoll_wait(epoll_create1(0), &event, 1, -1);
	if (!strcmp(call, "nanosleep"))
		return nanosleep(&long_time, NULL);
	if (!strcmp(call, "clock_nanosleep")) {
		errno = clock_nanosleep(CLOCK_MONOTONIC, 0, &long_time, NULL);
		return errno ? -1 : 0;
	}
	if (!strcmp(call, "sem_timedwait"))
		return wait_semaphore();
	if (!strcmp(call, "msgrcv"))
		return receive_message();
	if (!strcmp(call, "recv"))
		return receive();
	return 1;
}

/* CALL HOW: sysv, bsd, onstack or sleeps */
int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = handle};
	const char *how = argc > 2 ? argv[2] : "";
	long r;

	sleeps = !strcmp(how, "sleeps");
	action.sa_flags = !strcmp(how, "onstack") ? SA_ONSTACK : 0;
	if (!strcmp(how, "bsd"))
		signal(SIGUSR1, handle);
	else if (!strcmp(how, "sysv"))
		sysv_signal(SIGUSR1, handle);
	else
		sigaction(SIGUSR1, &action, NULL);
	puts("ready");
	fflush(stdout);
	r = wait_in(argv[1]);
	printf("%ld %s, handled %d\n", r, strerror(errno), handled);
	return 0;
}
#endif
