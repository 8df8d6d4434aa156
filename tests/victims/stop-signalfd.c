/* A descriptor of all signals is not ready when a thread that waits for it is
 * stopped, and does not give our signal away. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include "victim.h"

int check(void) __asm__("__lsan_do_recoverable_leak_check")
	__attribute__((weak));

static int done[2];

static void *ask(void *arg)
{
	for (int i = 0; i < 20; i++) {
		if (check)
			check();
		usleep(2000);
	}
	if (write(done[1], "", 1) != 1)
		_exit(99);
	return arg;
}

static NOINLINE void lose(void)
{
	MALLOC(77);
}

int main(void)
{
	struct signalfd_siginfo info;
	struct pollfd ready[2] = {{.events = POLLIN}, {.events = POLLIN}};
	pthread_t thread;
	sigset_t all;

	say("expect lost count=1 bytes=77 function=lose");
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	ready[0].fd = signalfd(-1, &all, SFD_NONBLOCK);
	if (ready[0].fd < 0 || pipe(done) ||
	    pthread_create(&thread, NULL, ask, NULL))
		_exit(99);
	ready[1].fd = done[0];
	poll(ready, 2, -1);
	say("signal %d, done %d", ready[0].revents, ready[1].revents);
	pthread_join(thread, NULL);
	raise(SIGINT);
	if (read(ready[0].fd, &info, sizeof info) == sizeof info)
		say("got %u", info.ssi_signo);
	away(lose);
	return 0;
}
