/* What the calls of storm-calls.c have in common. Each call sleeps for so many
 * ms, or for ever, and tells what it returned. */
#ifndef STORM_CALLS_H
#define STORM_CALLS_H

#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <threads.h>
#include "victim.h"

/* What calls of an optimized program are compiled to. */
ssize_t __read_chk(int, void *, size_t, size_t);
ssize_t __recv_chk(int, void *, size_t, size_t, int);
ssize_t __recvfrom_chk(int, void *, size_t, size_t, int, struct sockaddr *,
		       socklen_t *);
int __poll_chk(struct pollfd *, nfds_t, int, size_t);
int __ppoll_chk(struct pollfd *, nfds_t, const struct timespec *,
		const sigset_t *, size_t);
int __xpg_sigpause(int); /* sigpause */

static char buffer[1 << 16];
static struct iovec vector = {buffer, sizeof(buffer)};
static sigset_t usr2;
static int messages, semaphores;
static mqd_t queue;
static char directory[] = "/tmp/gordian-calls-XXXXXX";

static struct timespec spec(long ms)
{
	return (struct timespec){ms / 1000, ms % 1000 * 1000000};
}

static struct timeval val(long ms)
{
	return (struct timeval){ms / 1000, ms % 1000 * 1000};
}

static struct timespec at(clockid_t clock, long ms)
{
	struct timespec t;

	clock_gettime(clock, &t);
	t.tv_sec += ms / 1000 + (t.tv_nsec + ms % 1000 * 1000000) / 1000000000;
	t.tv_nsec = (t.tv_nsec + ms % 1000 * 1000000) % 1000000000;
	return t;
}

static int ok(int result)
{
	if (result < 0) {
		perror("storm-calls");
		_exit(99);
	}
	return result;
}

static int path(const char *name, char room[64])
{
	return snprintf(room, 64, "%s/%s", directory, name);
}

#endif
