/* libc's helpers (of timers and message queues with SIGEV_THREAD, of aio, of
 * getaddrinfo_a) block all signals. Scans are made all the same, nobody waits
 * for them, and what they hold is no suspect. */
#define _GNU_SOURCE
#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netdb.h>
#include <signal.h>
#include <sys/stat.h>
#include "victim.h"

int check(void) __asm__("__lsan_do_recoverable_leak_check")
	__attribute__((weak));

static volatile int ticks;

static void tick(union sigval value)
{
	(void)value;
	ticks++;
}

static __attribute__((unused)) struct sigevent event = {
	.sigev_notify = SIGEV_THREAD, .sigev_notify_function = tick};

#if defined(AIO)
static char text[64];
static struct aiocb reading = {.aio_buf = text, .aio_nbytes = sizeof(text)};

static int begin(void)
{
	const struct aiocb *list[] = {&reading};

	reading.aio_fildes = open("/proc/self/exe", O_RDONLY);
	if (aio_read(&reading))
		return -1;
	while (aio_error(&reading) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
	ticks = 2;
	return 0;
}
#elif defined(QUEUE)
static int begin(void)
{
	struct mq_attr small = {.mq_maxmsg = 2, .mq_msgsize = 8};
	char name[32];
	mqd_t queue;

	snprintf(name, sizeof(name), "/stop-helper.%d", getpid());
	queue = mq_open(name, O_CREAT | O_RDWR, 0600, &small);
	mq_unlink(name);
	ticks = 1;
	return queue < 0 ? 77
			 : mq_notify(queue, &event) || mq_send(queue, "", 1, 0);
}
#elif defined(RESOLVE)
static struct gaicb asked = {.ar_name = "127.0.0.1"};

static int begin(void)
{
	struct gaicb *list[] = {&asked};

	if (getaddrinfo_a(GAI_WAIT, list, 1, NULL))
		return -1;
	freeaddrinfo(asked.ar_result);
	asked.ar_result = NULL;
	ticks = 2;
	return 0;
}
#else
static int begin(void)
{
	struct itimerspec each = {{0, 50000000}, {0, 50000000}};
	timer_t timer;

	return timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	       timer_settime(timer, 0, &each, NULL);
}
#endif

int main(void)
{
	int i, err;

	say("expect nothing");
	say("total suspects=0");
	say("warning none");
	err = begin();
	if (err)
		return err == 77 ? 77 : 99;
	while (ticks < 2)
		nap_ms(5);
	for (i = 0; check && i < 10; i++)
		check();
	return 0;
}
