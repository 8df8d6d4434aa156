/* Every call that a signal interrupts in spite of SA_RESTART, and some that
 * it should not, each asleep in threads of its own through a hundred scans:
 * in one until its time is over, in others until a signal of the program's
 * interrupts it, or it is cancelled. What they print is as without Gordian. */
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
#include <stdatomic.h>
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
#include "gordian.h"
#include "victim.h"

#define SCANS 100
#define MOST 5000  /* what is not over by then begins anew with each scan */
#define SHORT 1000 /* ms */
#define LONG 600000

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

/* Sleeping. */
static long do_nanosleep(long ms)
{
	struct timespec t = spec(ms);

	return nanosleep(&t, NULL);
}

static long do_clock_nanosleep(long ms)
{
	struct timespec t = spec(ms);

	return clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);
}

static long do_clock_nanosleep_until(long ms)
{
	struct timespec t = at(CLOCK_REALTIME, ms);

	return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &t, NULL);
}

static long do_usleep(long ms)
{
	return usleep(ms * 1000);
}

static long do_sleep(long ms)
{
	return sleep(ms / 1000) != 0;
}

static long do_thrd_sleep(long ms)
{
	struct timespec t = spec(ms);

	return thrd_sleep(&t, NULL);
}

/* What an interrupted sleep tells of the rest. */
static long do_rest(long ms)
{
	struct timespec t = spec(ms), rest = {0, 0};

	nanosleep(&t, &rest);
	return rest.tv_sec > ms / 2000;
}

/* Polling. */
static long do_poll(long ms)
{
	return poll(NULL, 0, ms ? ms : -1);
}

static long do_ppoll(long ms)
{
	struct timespec t = spec(ms);

	return ppoll(NULL, 0, ms ? &t : NULL, &usr2);
}

static long do_poll_chk(long ms)
{
	return __poll_chk(NULL, 0, ms, 0);
}

static long do_ppoll_chk(long ms)
{
	struct timespec t = spec(ms);

	return __ppoll_chk(NULL, 0, &t, NULL, 0);
}

static long do_select(long ms)
{
	struct timeval t = val(ms);
	int r = select(0, NULL, NULL, NULL, ms ? &t : NULL);

	return r ? r : t.tv_sec + t.tv_usec; /* nothing left */
}

static long do_pselect(long ms)
{
	struct timespec t = spec(ms);
	int r = pselect(0, NULL, NULL, NULL, ms ? &t : NULL, &usr2);

	return r ? r : t.tv_sec != ms / 1000; /* untouched */
}

static long do_epoll_wait(long ms)
{
	struct epoll_event event;

	return epoll_wait(ok(epoll_create1(0)), &event, 1, ms ? ms : -1);
}

static long do_epoll_pwait(long ms)
{
	struct epoll_event event;

	return epoll_pwait(ok(epoll_create1(0)), &event, 1, ms ? ms : -1,
			   &usr2);
}

static long do_epoll_pwait2(long ms)
{
	struct epoll_event event;
	struct timespec t = spec(ms);

	return epoll_pwait2(ok(epoll_create1(0)), &event, 1, ms ? &t : NULL,
			    &usr2);
}

/* Waiting for signals. */
static long do_pause(long ms)
{
	(void)ms;
	return pause();
}

static long do_sigsuspend(long ms)
{
	(void)ms;
	return sigsuspend(&usr2);
}

static long do_sigpause(long ms)
{
	(void)ms;
	return __xpg_sigpause(SIGUSR2);
}

static long do_sigtimedwait(long ms)
{
	struct timespec t = spec(ms);

	return sigtimedwait(&usr2, NULL, &t);
}

static long do_sigwaitinfo(long ms)
{
	(void)ms;
	return sigwaitinfo(&usr2, NULL);
}

/* Semaphores and queues. */
static long do_sem_wait(long ms)
{
	sem_t sem;

	(void)ms;
	sem_init(&sem, 0, 0);
	return sem_wait(&sem);
}

static long do_sem_timedwait(long ms)
{
	struct timespec t = at(CLOCK_REALTIME, ms);
	sem_t sem;

	sem_init(&sem, 0, 0);
	return sem_timedwait(&sem, &t);
}

static long do_sem_clockwait(long ms)
{
	struct timespec t = at(CLOCK_MONOTONIC, ms);
	sem_t sem;

	sem_init(&sem, 0, 0);
	return sem_clockwait(&sem, CLOCK_MONOTONIC, &t);
}

static long do_semop(long ms)
{
	struct sembuf op = {0, -1, 0};

	(void)ms;
	return semop(semaphores, &op, 1);
}

static long do_semtimedop(long ms)
{
	struct sembuf op = {0, -1, 0};
	struct timespec t = spec(ms);

	return semtimedop(semaphores, &op, 1, ms ? &t : NULL);
}

static long do_msgrcv(long ms)
{
	(void)ms;
	return msgrcv(messages, &(struct msgbuf){0}, 1, 7, 0);
}

static long do_msgsnd(long ms)
{
	struct {
		long type;
		char text[8192];
	} full = {1, ""};

	(void)ms;
	while (!msgsnd(messages, &full, sizeof(full.text), IPC_NOWAIT))
		;
	return msgsnd(messages, &full, sizeof(full.text), 0);
}

static long do_mq_receive(long ms)
{
	struct timespec t = at(CLOCK_REALTIME, ms);

	return ms ? mq_timedreceive(queue, buffer, sizeof(buffer), NULL, &t)
		  : mq_receive(queue, buffer, sizeof(buffer), NULL);
}

/* Its reader is a thread of libc's that no signal reaches: a scan waits long
 * for it to stop. */
static long do_aio_suspend(long ms)
{
	static struct aiocb some[2];
	static atomic_int next;
	struct aiocb *cb = &some[next++];
	const struct aiocb *list[] = {cb};
	struct timespec t = spec(ms);
	int ends[2];

	ok(pipe(ends));
	cb->aio_fildes = ends[0];
	cb->aio_buf = buffer;
	cb->aio_nbytes = 1;
	ok(aio_read(cb));
	return aio_suspend(list, 1, &t);
}

/* Sockets, with a timeout of their own where ms is not 0. */
static int pair(long ms, int *other)
{
	struct timeval t = val(ms);
	int fd[2];

	ok(socketpair(AF_UNIX, SOCK_STREAM, 0, fd));
	setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	setsockopt(fd[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
	*other = fd[1];
	return fd[0];
}

static int empty(long ms)
{
	int other;

	return pair(ms, &other);
}

static int full(long ms)
{
	int other, fd = pair(ms, &other);

	while (send(fd, buffer, sizeof(buffer), MSG_DONTWAIT) > 0)
		;
	while (send(fd, buffer, 1, MSG_DONTWAIT) > 0)
		;
	errno = 0;
	return fd;
}

static int listener(int family, long ms, struct sockaddr *name,
		    socklen_t length)
{
	struct timeval t = val(ms);
	int fd = ok(socket(family, SOCK_STREAM, 0));

	ok(bind(fd, name, length));
	ok(listen(fd, 0));
	ok(getsockname(fd, name, &length));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	return fd;
}

static long do_accept(long ms)
{
	struct sockaddr_un name = {AF_UNIX, ""};

	return accept(listener(AF_UNIX, ms, (struct sockaddr *)&name, 2), NULL,
		      NULL);
}

static long do_accept4(long ms)
{
	struct sockaddr_in name = {.sin_family = AF_INET};

	return accept4(
		listener(AF_INET, ms, (struct sockaddr *)&name, sizeof(name)),
		NULL, NULL, SOCK_CLOEXEC);
}

/* To where nobody accepts and the queue is full. */
static long connect_to(int family, long ms, struct sockaddr *name,
		       socklen_t length)
{
	struct timeval t = val(ms);
	int i, fd;

	listener(family, 0, name, length);
	for (i = 0; i < 4; i++) {
		fd = ok(socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0));
		(void)!connect(fd, name, length);
	}
	fd = ok(socket(family, SOCK_STREAM, 0));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
	errno = 0;
	return connect(fd, name, length);
}

static long do_connect(long ms)
{
	struct sockaddr_in name = {.sin_family = AF_INET};

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return connect_to(AF_INET, ms, (struct sockaddr *)&name, sizeof(name));
}

static long do_connect_unix(long ms)
{
	static atomic_int serial;
	struct sockaddr_un name = {AF_UNIX, ""};
	char s[16];

	sprintf(s, "s%d", serial++);
	path(s, name.sun_path);
	return connect_to(AF_UNIX, ms, (struct sockaddr *)&name, sizeof(name));
}

static long do_recv(long ms)
{
	return recv(empty(ms), buffer, 8, 0);
}

static long do_recv_chk(long ms)
{
	return __recv_chk(empty(ms), buffer, 8, 8, 0);
}

static long do_recvfrom(long ms)
{
	return recvfrom(empty(ms), buffer, 8, 0, NULL, NULL);
}

static long do_recvfrom_chk(long ms)
{
	return __recvfrom_chk(empty(ms), buffer, 8, 8, 0, NULL, NULL);
}

static long do_recvmsg(long ms)
{
	struct msghdr msg = {.msg_iov = &vector, .msg_iovlen = 1};

	return recvmsg(empty(ms), &msg, 0);
}

static long do_recvmmsg(long ms)
{
	struct mmsghdr msg = {{.msg_iov = &vector, .msg_iovlen = 1}, 0};

	return recvmmsg(empty(ms), &msg, 1, 0, NULL);
}

static long do_read(long ms)
{
	return read(empty(ms), buffer, 8);
}

static long do_readv(long ms)
{
	return readv(empty(ms), &vector, 1);
}

static long do_read_chk(long ms)
{
	return __read_chk(empty(ms), buffer, 8, 8);
}

static long do_send(long ms)
{
	return send(full(ms), buffer, 8, 0);
}

static long do_sendto(long ms)
{
	return sendto(full(ms), buffer, 8, 0, NULL, 0);
}

static long do_sendmsg(long ms)
{
	struct msghdr msg = {.msg_iov = &vector, .msg_iovlen = 1};

	return sendmsg(full(ms), &msg, 0);
}

static long do_sendmmsg(long ms)
{
	struct mmsghdr msg = {{.msg_iov = &vector, .msg_iovlen = 1}, 0};

	return sendmmsg(full(ms), &msg, 1, 0);
}

static long do_write(long ms)
{
	return write(full(ms), buffer, 8);
}

static long do_writev(long ms)
{
	return writev(full(ms), &vector, 1);
}

/* By number. */
static long do_syscall_nanosleep(long ms)
{
	struct timespec t = spec(ms);

	return syscall(SYS_nanosleep, &t, NULL);
}

static long do_syscall_clock_nanosleep(long ms)
{
	struct timespec t = spec(ms);

	return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &t, NULL);
}

static long do_syscall_poll(long ms)
{
	return syscall(SYS_poll, NULL, 0, ms);
}

static long do_syscall_ppoll(long ms)
{
	struct timespec t = spec(ms);

	return syscall(SYS_ppoll, NULL, 0, &t, NULL, 0);
}

static long do_syscall_pselect(long ms)
{
	struct timespec t = spec(ms);

	return syscall(SYS_pselect6, 0, NULL, NULL, NULL, &t, NULL);
}

static long do_syscall_epoll_wait(long ms)
{
	struct epoll_event event;

	return syscall(SYS_epoll_wait, ok(epoll_create1(0)), &event, 1, ms);
}

static long do_syscall_futex(long ms)
{
	struct timespec t = spec(ms);
	int word = 0;

	return syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, ms ? &t : NULL,
		       NULL, 0);
}

static long do_syscall_futex_until(long ms)
{
	struct timespec t = at(CLOCK_MONOTONIC, ms);
	int word = 0;

	return syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, &t, NULL,
		       FUTEX_BITSET_MATCH_ANY);
}

static long do_syscall_sigtimedwait(long ms)
{
	struct timespec t = spec(ms);

	return syscall(SYS_rt_sigtimedwait, &usr2, NULL, &t, 8);
}

static long do_syscall_semtimedop(long ms)
{
	struct sembuf op = {0, -1, 0};
	struct timespec t = spec(ms);

	return syscall(SYS_semtimedop, semaphores, &op, 1, &t);
}

static long do_syscall_getevents(long ms)
{
	struct timespec t = spec(ms);
	struct io_event event;
	aio_context_t context = 0;

	ok(syscall(SYS_io_setup, 1, &context));
	return syscall(SYS_io_getevents, context, 1, 1, &event, &t);
}

static long do_syscall_io_uring_enter(long ms)
{
	struct io_uring_params params = {0};
	struct timespec t = spec(ms);
	struct io_uring_getevents_arg arg = {.ts = (uintptr_t)&t};
	int fd = syscall(SYS_io_uring_setup, 1, &params);
	unsigned flags = IORING_ENTER_GETEVENTS;

	if (fd < 0) /* not everywhere */
		return -2;
	return ms ? syscall(SYS_io_uring_enter, fd, 0, 1,
			    flags | IORING_ENTER_EXT_ARG, &arg, sizeof(arg))
		  : syscall(SYS_io_uring_enter, fd, 0, 1, flags, NULL, 0);
}

static long do_syscall_pause(long ms)
{
	(void)ms;
	return syscall(SYS_pause);
}

static long do_syscall_read(long ms)
{
	return syscall(SYS_read, empty(ms), buffer, 8);
}

static long do_syscall_sendto(long ms)
{
	return syscall(SYS_sendto, full(ms), buffer, 8, 0, NULL, 0);
}

/* What the kernel itself makes again. */
static long do_read_pipe(long ms)
{
	int ends[2];

	(void)ms;
	ok(pipe(ends));
	return read(ends[0], buffer, 8);
}

static long do_write_pipe(long ms)
{
	int ends[2];

	(void)ms;
	ok(pipe(ends));
	ok(write(ends[1], buffer, sizeof(buffer)));
	return write(ends[1], buffer, 8);
}

static long do_read_event(long ms)
{
	(void)ms;
	return read(ok(eventfd(0, 0)), buffer, 8);
}

static long do_read_timer(long ms)
{
	(void)ms;
	return read(ok(timerfd_create(CLOCK_MONOTONIC, 0)), buffer, 8);
}

static long do_read_inotify(long ms)
{
	(void)ms;
	return read(ok(inotify_init()), buffer, sizeof(buffer));
}

static long do_open(long ms)
{
	char name[64];

	(void)ms;
	path("fifo", name);
	return open(name, O_RDONLY);
}

static int locked(char name[64])
{
	path("lock", name);
	return ok(open(name, O_RDWR));
}

static long do_flock(long ms)
{
	char name[64];

	(void)ms;
	return flock(locked(name), LOCK_EX);
}

static long do_fcntl(long ms)
{
	struct flock lock = {.l_type = F_WRLCK};
	char name[64];

	(void)ms;
	return fcntl(locked(name), F_OFD_SETLKW, &lock);
}

static long do_waitpid(long ms)
{
	(void)ms;
	return waitpid(-1, NULL, 0);
}

static long do_wait(long ms)
{
	(void)ms;
	return waitid(P_ALL, 0, NULL, WEXITED);
}

enum {
	TIMED = 1,   /* it ends by itself after ms */
	UNTIMED = 2, /* or never, when ms is 0 */
	POINT = 4,   /* it can be cancelled */
	ALONE = 8,   /* not beside the others */
};

static const struct {
	const char *name;
	long (*make)(long ms);
	int how;
} calls[] = {
	{"nanosleep", do_nanosleep, TIMED | POINT},
	{"clock_nanosleep", do_clock_nanosleep, TIMED | POINT},
	{"clock_nanosleep until", do_clock_nanosleep_until, TIMED | POINT},
	{"usleep", do_usleep, TIMED | POINT},
	{"sleep", do_sleep, TIMED | POINT},
	{"thrd_sleep", do_thrd_sleep, TIMED},
	{"the rest of a sleep", do_rest, TIMED},
	{"poll", do_poll, TIMED | UNTIMED | POINT},
	{"ppoll", do_ppoll, TIMED | UNTIMED | POINT},
	{"__poll_chk", do_poll_chk, TIMED},
	{"__ppoll_chk", do_ppoll_chk, TIMED},
	{"select", do_select, TIMED | UNTIMED | POINT},
	{"pselect", do_pselect, TIMED | UNTIMED | POINT},
	{"epoll_wait", do_epoll_wait, TIMED | UNTIMED | POINT},
	{"epoll_pwait", do_epoll_pwait, TIMED | UNTIMED | POINT},
	{"epoll_pwait2", do_epoll_pwait2, TIMED | UNTIMED | POINT},
	{"pause", do_pause, UNTIMED | POINT},
	{"sigsuspend", do_sigsuspend, UNTIMED | POINT},
	{"sigpause", do_sigpause, UNTIMED | POINT},
	{"sigtimedwait", do_sigtimedwait, TIMED | POINT},
	{"sigwaitinfo", do_sigwaitinfo, UNTIMED | POINT},
	{"sem_wait", do_sem_wait, UNTIMED | POINT},
	{"sem_timedwait", do_sem_timedwait, TIMED | POINT},
	{"sem_clockwait", do_sem_clockwait, TIMED | POINT},
	{"semop", do_semop, UNTIMED},
	{"semtimedop", do_semtimedop, TIMED | UNTIMED},
	{"msgrcv", do_msgrcv, UNTIMED | POINT},
	{"msgsnd", do_msgsnd, UNTIMED | POINT},
	{"mq_receive", do_mq_receive, TIMED | UNTIMED | POINT},
	{"aio_suspend", do_aio_suspend, TIMED | ALONE},
	{"accept", do_accept, TIMED | UNTIMED | POINT},
	{"accept4", do_accept4, TIMED | UNTIMED | POINT},
	{"connect", do_connect, TIMED | UNTIMED | POINT},
	{"connect unix", do_connect_unix, TIMED | UNTIMED | POINT},
	{"recv", do_recv, TIMED | UNTIMED | POINT},
	{"__recv_chk", do_recv_chk, TIMED | UNTIMED},
	{"recvfrom", do_recvfrom, TIMED | UNTIMED | POINT},
	{"__recvfrom_chk", do_recvfrom_chk, TIMED | UNTIMED},
	{"recvmsg", do_recvmsg, TIMED | UNTIMED | POINT},
	{"recvmmsg", do_recvmmsg, TIMED | UNTIMED | POINT},
	{"read", do_read, TIMED | UNTIMED | POINT},
	{"readv", do_readv, TIMED | UNTIMED | POINT},
	{"__read_chk", do_read_chk, TIMED | UNTIMED},
	{"send", do_send, TIMED | UNTIMED | POINT},
	{"sendto", do_sendto, TIMED | UNTIMED | POINT},
	{"sendmsg", do_sendmsg, TIMED | UNTIMED | POINT},
	{"sendmmsg", do_sendmmsg, TIMED | UNTIMED | POINT},
	{"write", do_write, TIMED | UNTIMED | POINT},
	{"writev", do_writev, TIMED | UNTIMED | POINT},
	{"syscall nanosleep", do_syscall_nanosleep, TIMED},
	{"syscall clock_nanosleep", do_syscall_clock_nanosleep, TIMED},
	{"syscall poll", do_syscall_poll, TIMED},
	{"syscall ppoll", do_syscall_ppoll, TIMED},
	{"syscall pselect6", do_syscall_pselect, TIMED},
	{"syscall epoll_wait", do_syscall_epoll_wait, TIMED},
	{"syscall futex", do_syscall_futex, TIMED | UNTIMED},
	{"syscall futex until", do_syscall_futex_until, TIMED},
	{"syscall rt_sigtimedwait", do_syscall_sigtimedwait, TIMED},
	{"syscall semtimedop", do_syscall_semtimedop, TIMED},
	{"syscall io_getevents", do_syscall_getevents, TIMED},
	{"syscall io_uring_enter", do_syscall_io_uring_enter, TIMED | UNTIMED},
	{"syscall pause", do_syscall_pause, UNTIMED},
	{"syscall read", do_syscall_read, TIMED | UNTIMED},
	{"syscall sendto", do_syscall_sendto, TIMED | UNTIMED},
	{"read of a pipe", do_read_pipe, UNTIMED | POINT},
	{"write to a pipe", do_write_pipe, UNTIMED | POINT},
	{"read of an eventfd", do_read_event, UNTIMED},
	{"read of a timerfd", do_read_timer, UNTIMED},
	{"read of inotify", do_read_inotify, UNTIMED},
	{"open", do_open, UNTIMED | POINT},
	{"flock", do_flock, UNTIMED},
	{"fcntl", do_fcntl, UNTIMED | POINT},
	{"waitpid", do_waitpid, UNTIMED | POINT},
	{"waitid", do_wait, UNTIMED | POINT},
};

#define N ((int)(sizeof(calls) / sizeof(*calls)))

static struct one {
	pthread_t thread;
	const char *name, *what;
	long (*make)(long ms);
	long ms, result;
	int error;
	double took;
	bool late;
	atomic_bool began, ended;
} made[400];
static int made_n;
static volatile bool disturbed; /* by the program itself */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void *run(void *arg)
{
	struct one *one = arg;
	double start = now();

	errno = 0;
	one->began = true;
	one->result = one->make(one->ms);
	one->error = errno;
	one->took = now() - start;
	if (one->ms != SHORT && !disturbed)
		one->what = "BY ITSELF";
	one->ended = true;
	return NULL;
}

static void begin(int i, const char *what, long ms)
{
	struct one *one = &made[made_n++];
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 1 << 17);
	one->began = one->ended = one->late = false;
	one->name = calls[i].name;
	one->make = calls[i].make;
	one->what = what;
	one->ms = ms;
	if (pthread_create(&one->thread, &attr, run, one))
		_exit(99);
	while (!one->began)
		sched_yield();
}

/* Those that are, or are not, to be alone. */
static void begin_all(int alone)
{
	for (int i = 0; i < N; i++) {
		if ((calls[i].how & ALONE) != alone)
			continue;
		if (calls[i].how & TIMED) {
			begin(i, "in time", SHORT);
			begin(i, "interrupted", LONG);
		}
		if (calls[i].how & UNTIMED)
			begin(i, "interrupted", 0);
	}
}

/* Those whose time is not over. */
static bool wait_on(bool late)
{
	bool any = false;

	for (int i = 0; i < made_n; i++) {
		if (made[i].ms != SHORT || made[i].ended)
			continue;
		any = true;
		made[i].late = late;
	}
	return any;
}

/* And more, until all is over that has a time. */
static void scans(int n)
{
	nap_ms(20);
	for (volatile int i = 0; i < n || (wait_on(false) && i < MOST); i++) {
		gordian_check();
		nap_ms(5);
	}
	wait_on(true);
	disturbed = true;
}

/* A signal that comes before its call is lost: another one follows. */
static void interrupt(void)
{
	bool more = true;

	while (more) {
		more = false;
		for (int i = 0; i < made_n; i++) {
			if (made[i].ended)
				continue;
			more = true;
			if (made[i].ms != SHORT)
				pthread_kill(made[i].thread, SIGUSR1);
		}
		nap_ms(5);
	}
}

static void report(void)
{
	for (int i = 0; i < made_n; i++) {
		const struct one *one = &made[i];
		void *value;

		pthread_join(one->thread, &value);
		if (value == PTHREAD_CANCELED)
			say("%s: cancelled", one->name);
		else
			say("%s: %s %ld, %s%s", one->name, one->what,
			    one->result, strerrorname_np(one->error),
			    one->ms != SHORT	      ? ""
			    : one->late		      ? ", LATE"
			    : one->took < SHORT / 1e3 ? ", EARLY"
						      : "");
	}
	made_n = 0;
	disturbed = false;
}

static void on_signal(int sig)
{
	(void)sig;
}

/* All of six arguments arrive. */
static void by_number(int fd)
{
	char *p;

	ok(pwrite(fd, "x", 1, 4096));
	p = (char *)syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_SHARED, fd,
			    4096);
	if (p == MAP_FAILED || *p != 'x')
		_exit(98);
}

static void prepare(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 8};
	char name[64];
	struct flock lock = {.l_type = F_WRLCK};
	int fd;

	sigaction(SIGUSR1, &action, NULL);
	sigaddset(&usr2, SIGUSR2);
	ok(messages = msgget(IPC_PRIVATE, 0600));
	ok(semaphores = semget(IPC_PRIVATE, 1, 0600));
	if (!mkdtemp(directory))
		_exit(99);
	path("fifo", name);
	ok(mkfifo(name, 0600));
	path("lock", name);
	ok(fd = open(name, O_RDWR | O_CREAT, 0600));
	by_number(fd);
	ok(flock(fd, LOCK_EX));
	ok(fcntl(fd, F_OFD_SETLK, &lock));
	snprintf(name, sizeof(name), "/gordian-calls-%d", (int)getpid());
	ok(queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr));
	mq_unlink(name);
}

static void clean(void)
{
	char command[64];

	msgctl(messages, IPC_RMID, NULL);
	semctl(semaphores, 0, IPC_RMID);
	path("fifo", command);
	unlink(command);
	path("lock", command);
	unlink(command);
}

int main(void)
{
	int i;
	pid_t child;

	say("option --threshold=1000000");
	say("expect nothing");
	prepare();
	child = ok(fork());
	if (!child) { /* for waitpid() to wait for */
		alarm(100);
		for (;;)
			pause();
	}
	begin_all(0);
	scans(SCANS);
	interrupt();
	report();
	for (i = 0; i < N; i++)
		if (calls[i].how & POINT)
			begin(i, "not cancelled",
			      calls[i].how & UNTIMED ? 0 : LONG);
	scans(5);
	for (i = 0; i < made_n; i++)
		pthread_cancel(made[i].thread);
	report();
	begin_all(ALONE);
	scans(1);
	interrupt();
	report();
	clean();
	kill(child, SIGKILL);
	return 0;
}
