/* Calls that sleep, poll, or wait for signals, semaphores and queues. */
#ifndef STORM_ASLEEP_H
#define STORM_ASLEEP_H

#include "storm-calls.h"

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

#endif
