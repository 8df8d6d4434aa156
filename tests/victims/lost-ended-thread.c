/* Arguments and results of threads that have ended: libc keeps their stacks,
 * but nobody can have them any more, however they were joined or detached. The
 * result of one that can still be joined is held. */
#include <dirent.h>
#include <pthread.h>
#include <threads.h>
#include "victim.h"

static pthread_t late;

/* By the kernel's word: a thread that is not joined may take its time. */
static void wait_for_ends(void)
{
	int n;

	do {
		DIR *tasks = need(opendir("/proc/self/task"));

		for (n = -2; readdir(tasks); n++)
			;
		closedir(tasks);
		nap_ms(1);
	} while (n > 1);
}

static NOINLINE void *result(void *arg)
{
	(void)arg;
	return MALLOC(200);
}

static NOINLINE void *leave(void *arg)
{
	(void)arg;
	pthread_exit(MALLOC(300));
}

static void *sleep_on(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static int c11(void *arg)
{
	USE(arg);
	return 7;
}

/* Each needs a larger stack than those that libc keeps. */
static NOINLINE pthread_t start_as(int state, void *(*work)(void *), void *arg)
{
	static size_t size = 256 << 10;
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, state);
	pthread_attr_setstacksize(&attr, size += 64 << 10);
	if (pthread_create(&thread, &attr, work, arg))
		_exit(99);
	return thread;
}

static NOINLINE pthread_t start(void *(*work)(void *), void *arg)
{
	return start_as(PTHREAD_CREATE_JOINABLE, work, arg);
}

static NOINLINE void join(void)
{
	pthread_join(start(leave, MALLOC(100)), NULL);
}

static NOINLINE void try_join(void)
{
	pthread_t thread = start(result, MALLOC(100));

	while (pthread_tryjoin_np(thread, NULL))
		nap_ms(1);
}

static NOINLINE void timed_join(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 100;
	pthread_timedjoin_np(start(result, MALLOC(100)), NULL, &until);
}

static NOINLINE void detached(void)
{
	start_as(PTHREAD_CREATE_DETACHED, result, MALLOC(100));
	wait_for_ends();
}

static NOINLINE void detach_late(void)
{
	pthread_t thread = start(result, MALLOC(100));

	wait_for_ends();
	pthread_detach(thread);
}

static NOINLINE void cancel(void)
{
	pthread_t thread = start(sleep_on, MALLOC(100));

	pthread_cancel(thread);
	pthread_join(thread, NULL);
}

static NOINLINE void join_c11(void)
{
	thrd_t thread;

	if (thrd_create(&thread, c11, MALLOC(100)) != thrd_success)
		_exit(99);
	thrd_join(thread, NULL);
}

static NOINLINE void *kept(void *arg)
{
	return arg;
}

static NOINLINE void hold(void)
{
	late = start(kept, MALLOC(400));
	wait_for_ends();
}

int main(void)
{
	static void (*const ways[])(void) = {join,     try_join,    timed_join,
					     detached, detach_late, cancel,
					     hold,     join_c11};

	say("expect lost count=1 bytes=100 function=join");
	say("expect lost count=1 bytes=100 function=try_join");
	say("expect lost count=1 bytes=100 function=timed_join");
	say("expect lost count=1 bytes=100 function=detached");
	say("expect lost count=1 bytes=100 function=detach_late");
	say("expect lost count=1 bytes=100 function=cancel");
	say("expect lost count=1 bytes=100 function=join_c11");
	say("expect lost count=4 bytes=800 function=result root=result");
	say("expect lost count=1 bytes=300 function=leave root=leave");
	for (unsigned i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		away(ways[i]);
	return 0;
}
