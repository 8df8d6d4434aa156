/* Every call that a signal interrupts in spite of SA_RESTART, and some that
 * it should not, each asleep in threads of its own through a hundred scans:
 * in one until its time is over, in others until a signal of the program's
 * interrupts it, or it is cancelled. What they print is as without Gordian. */
#include <dirent.h>
#include <stdatomic.h>
#include "gordian.h"
#include "storm-asleep.h"
#include "storm-calls.h"
#include "storm-numbers.h"
#include "storm-sockets.h"

#define SCANS 100
#define MOST 5000  /* what is not over by then begins anew with each scan */
#define SHORT 1000 /* ms */
#define LONG 600000

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
	DIR *names = opendir(directory);
	struct dirent *name;

	msgctl(messages, IPC_RMID, NULL);
	semctl(semaphores, 0, IPC_RMID);
	while (names && (name = readdir(names)))
		unlinkat(dirfd(names), name->d_name, 0);
	closedir(names);
	rmdir(directory);
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
