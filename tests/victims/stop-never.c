/* A thread that no signal reaches (masked past libc, or waiting in vfork) puts
 * off the scans of a running program, which says why; the last one is made
 * without it: what that finds is a suspect. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include "victim.h"

/* Before that a scan may be made, and proves what it finds. */
static atomic_bool unreachable;

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static void *thread(void *arg)
{
#ifdef VFORK
	if (!vfork()) {
		usleep(2500000);
		_exit(0);
	}
#else
	uint64_t all = UINT64_MAX;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
	unreachable = 1;
	for (;;)
		pause();
#endif
	return arg;
}

int main(void)
{
	void *volatile held = MALLOC(200);
	pthread_t id;

	say("option --interval=0.02");
#ifdef VFORK
	say("expect lost count=10 bytes=1000 function=lose");
	say("warning (stop-never-vfor) waits in the kernel");
#else
	say("expect lost count=10 bytes=1000 function=lose "
	    "confidence=suspect");
	say("warning scans are put off: thread");
	say("warning blocks signal");
#endif
	pthread_create(&id, NULL, thread, NULL);
#ifndef VFORK
	while (!unreachable)
		nap_ms(1);
#endif
	for (volatile int i = 0; i < 10; i++) {
		away(lose);
		nap_ms(200);
	}
#ifdef VFORK
	pthread_join(id, NULL);
#endif
	free(held);
	return 0;
}
