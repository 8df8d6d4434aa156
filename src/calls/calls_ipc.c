/*
 * Hooks of calls that wait for another process or thread: semaphores, System V
 * queues, asynchronous transfers. See calls.h. Semaphores without a timeout and
 * POSIX queues need no hook, since the kernel makes those calls again.
 */
#include <aio.h>
#include <semaphore.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include "base/export.h"
#include "calls/calls.h"
#include "process/guard.h"
#include "process/nudge.h"
#include "process/real.h"

EXPORT int sem_timedwait(sem_t *sem, const struct timespec *until)
{
	struct call call = call_begin_idle(FRAME, false);
	int r;

	do
		r = real.sem_timedwait(sem, until);
	while (call_again(&call, r));
	return r;
}

EXPORT int sem_clockwait(sem_t *sem, clockid_t clock,
			 const struct timespec *until)
{
	struct call call = call_begin_idle(FRAME, false);
	int r;

	do
		r = real.sem_clockwait(sem, clock, until);
	while (call_again(&call, r));
	return r;
}

EXPORT int semop(int id, struct sembuf *ops, size_t n)
{
	struct call call = call_begin_idle(FRAME, false);
	int r;

	do
		r = real.semop(id, ops, n);
	while (call_again(&call, r));
	return r;
}

EXPORT int semtimedop(int id, struct sembuf *ops, size_t n,
		      const struct timespec *timeout)
{
	struct call call = call_begin_idle(FRAME, timeout != NULL);
	struct timespec left;
	int r = real.semtimedop(id, ops, n, timeout);

	while (call_again(&call, r))
		r = real.semtimedop(id, ops, n,
				    call_left_of(&call, timeout, &left));
	return r;
}

EXPORT ssize_t msgrcv(int id, void *message, size_t size, long type, int flags)
{
	struct call call = call_begin_idle(FRAME, false);
	ssize_t r;

	do
		r = real.msgrcv(id, message, size, type, flags);
	while (call_again(&call, r));
	return r;
}

EXPORT int msgsnd(int id, const void *message, size_t size, int flags)
{
	struct call call = call_begin_idle(FRAME, false);
	int r;

	do
		r = real.msgsnd(id, message, size, flags);
	while (call_again(&call, r));
	return r;
}

/* libc keeps 32 bytes on its stack for each entry of the list. */
EXPORT int aio_suspend(const struct aiocb *const list[], int n,
		       const struct timespec *timeout)
{
	struct call call = call_begin_idle(FRAME, timeout != NULL);
	struct timespec left;
	int r = real.aio_suspend(list, n, timeout);

	while (call_again_within(&call, r, CALL_FRAMES + n * 64ul))
		r = real.aio_suspend(list, n,
				     call_left_of(&call, timeout, &left));
	return r;
}

EXPORT int aio_suspend64(const struct aiocb64 *const list[], int n,
			 const struct timespec *timeout)
{
	return aio_suspend((const struct aiocb *const *)list, n, timeout);
}
