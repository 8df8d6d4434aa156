/* A signal of the program's ends a call, and a stop comes when its handler is
 * just over, before the call has returned: it fails with EINTR, whether the
 * kernel or Gordian would have made it again after the stop. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include "gordian.h"
#include "victim.h"

static atomic_bool scanned, within, left, back;
static pthread_t main_thread;

static long raw(long number, long a, long b, long c)
{
	register long r10 __asm__("r10") = 8; /* of a set of signals */
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return result;
}

/* Holds off all signals, past libc, until that of a stop waits: it comes as
 * this returns. */
static void handler(int sig)
{
	struct timespec t = {0, 1000000};
	long all = -1, pending = 0;

	(void)sig;
	poll(NULL, 0, 0); /* another call that would go on */
	raw(SYS_rt_sigprocmask, SIG_BLOCK, (long)&all, 0);
	within = true;
	while (!pending && !scanned) {
		raw(SYS_nanosleep, (long)&t, 0, 0);
		raw(SYS_rt_sigpending, (long)&pending, 8, 0);
	}
	left = true;
}

/* The call in which main sleeps, by the kernel's word; -1: it does not. */
static long main_is_in(void)
{
	char path[64], text[64] = "";
	FILE *f;

	sprintf(path, "/proc/self/task/%d/syscall", (int)getpid());
	f = need(fopen(path, "r"));
	if (!fgets(text, sizeof(text), f))
		text[0] = 0;
	fclose(f);
	return text[0] >= '0' && text[0] <= '9' ? atol(text) : -1;
}

static bool main_receives(void)
{
	long number = main_is_in();

	return number == SYS_read || number == SYS_readv ||
	       number == SYS_recvfrom || number == SYS_recvmsg ||
	       number == SYS_poll || number == SYS_ppoll;
}

static void *other(void *arg)
{
	int *to = arg;

	while (!main_receives())
		nap_ms(1);
	pthread_kill(main_thread, SIGUSR1);
	while (!within)
		nap_ms(1);
	gordian_check();
	scanned = true;
	while (!left)
		nap_ms(1);
	while (!back && !main_receives())
		nap_ms(1);
	if (!back && write(*to, "x", 1) != 1)
		_exit(99);
	return NULL;
}

static long do_read(int fd)
{
	char c;

	return read(fd, &c, 1);
}

static long do_recv(int fd)
{
	char c;

	return recv(fd, &c, 1, 0);
}

static long do_poll(int fd)
{
	struct pollfd p = {fd, POLLIN, 0};
	char c;

	return poll(&p, 1, -1) == 1 ? read(fd, &c, 1) : -1;
}

static long do_ppoll(int fd)
{
	struct timespec t = {1000, 0};
	struct pollfd p = {fd, POLLIN, 0};
	char c;

	return ppoll(&p, 1, &t, NULL) == 1 ? read(fd, &c, 1) : -1;
}

static long do_timed(int fd)
{
	struct timeval t = {1000, 0};
	char c;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	return recv(fd, &c, 1, 0);
}

static long do_syscall(int fd)
{
	char c;

	return syscall(SYS_read, fd, &c, 1);
}

static void check(const char *name, int ends[2], long (*call)(int))
{
	pthread_t thread;
	long r;

	scanned = within = left = back = false;
	if (pthread_create(&thread, NULL, other, &ends[1]))
		_exit(99);
	r = call(ends[0]);
	r = r == -1 && errno == EINTR;
	back = true;
	pthread_join(thread, NULL);
	say("%s: %s", name, r ? "interrupted" : "NOT INTERRUPTED");
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler};
	int pipes[2], sockets[2];

	say("option --threshold=1000000");
	say("expect nothing");
	if (pipe(pipes) || access("/proc/self/syscall", R_OK))
		return 77;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
		return 77;
	main_thread = pthread_self();
	sigaction(SIGUSR1, &action, NULL);
	check("read", pipes, do_read);
	check("recv", sockets, do_recv);
	check("syscall", pipes, do_syscall);
	check("poll", pipes, do_poll);
	check("ppoll", pipes, do_ppoll);
	check("timed recv", sockets, do_timed);
	return 0;
}
