/* Signals to a process whose threads all sleep in calls, while it is scanned
 * all the time: each interrupts one of them and no other. Where it comes just
 * as a scan ends, or a scan just as its handler does, it may interrupt none, or
 * wake one that another's handler keeps from it: that is seldom. A read that
 * went on so would be another call, readv, and be waited for in vain. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include "gordian.h"
#include "victim.h"

#define THREADS 12
#define SIGNALS 300
#define FEW 30

static atomic_int handled, interrupted, wrong, stop;
static int ends[2], semaphores;

static void handler(int signal)
{
	(void)signal;
	handled++;
}

static long in_poll(void)
{
	return poll(NULL, 0, -1);
}

static long in_read(void)
{
	char c;

	return read(ends[0], &c, 1);
}

static long in_semop(void)
{
	struct sembuf op = {0, -1, 0};

	return semtimedop(semaphores, &op, 1, NULL);
}

static long (*const calls[])(void) = {in_poll, in_read, in_semop};

static struct {
	pthread_t thread;
	pid_t tid;
} sleepers[THREADS];

static void *sleeper(void *arg)
{
	long i = (long)arg;

	sleepers[i].tid = gettid();
	while (!stop) {
		if (calls[i % 3]() != -1 || errno != EINTR)
			wrong++;
		interrupted++;
	}
	return NULL;
}

static void *scanner(void *arg)
{
	while (!stop) {
		gordian_check();
		nap_ms(1); /* else nobody else may get to anything */
	}
	return arg;
}

/* In its call, not on the way there and not held by a scan: by the kernel's
 * word. A poll that was woken for what another thread has taken is another call
 * until the next scan, and without one for good. */
static int sleeps(long i)
{
	const long number[] = {SYS_poll, SYS_read, SYS_semtimedop};
	char path[64], text[64] = "";
	long call;
	FILE *f;

	if (!sleepers[i].tid)
		return 0;
	sprintf(path, "/proc/self/task/%d/syscall", (int)sleepers[i].tid);
	f = need(fopen(path, "r"));
	if (!fgets(text, sizeof(text), f))
		text[0] = 0;
	fclose(f);
	if (text[0] < '0' || text[0] > '9')
		return 0;
	call = atol(text);
	return call == number[i % 3] ||
	       (call == SYS_restart_syscall && i % 3 == 0);
}

static void wait_asleep(void)
{
	for (long i = 0; i < THREADS; i++)
		while (!sleeps(i))
			nap_ms(1);
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler};
	pthread_t thread;
	sigset_t set;
	int before;

	say("option --threshold=1000000");
	say("expect nothing");
	if (pipe(ends) || (semaphores = semget(IPC_PRIVATE, 1, 0600)) < 0 ||
	    access("/proc/self/syscall", R_OK))
		return 77;
	sigaction(SIGUSR1, &action, NULL);
	for (long i = 0; i < THREADS; i++)
		if (pthread_create(&sleepers[i].thread, NULL, sleeper,
				   (void *)i))
			_exit(99);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (pthread_create(&thread, NULL, scanner, NULL))
		_exit(99);
	for (long i = 0; i < SIGNALS; i++) {
		wait_asleep();
		before = handled;
		if (i % 2)
			kill(getpid(), SIGUSR1);
		else
			pthread_kill(sleepers[i / 2 % THREADS].thread, SIGUSR1);
		while (handled == before)
			nap_ms(1);
	}
	wait_asleep();
	say("%d signals: %s, %s, %s", SIGNALS,
	    handled == SIGNALS ? "each handled once" : "NOT EACH HANDLED",
	    interrupted > SIGNALS + FEW	  ? "MORE CALLS INTERRUPTED"
	    : interrupted < SIGNALS - FEW ? "FEWER CALLS INTERRUPTED"
					  : "as many calls interrupted",
	    wrong ? "WRONG RESULTS" : "as they should be");
	stop = 1;
	pthread_join(thread, NULL);
	for (long i = 0; i < THREADS; i++)
		while (pthread_tryjoin_np(sleepers[i].thread, NULL)) {
			pthread_kill(sleepers[i].thread, SIGUSR1);
			nap_ms(1);
		}
	semctl(semaphores, 0, IPC_RMID);
	return 0;
}
