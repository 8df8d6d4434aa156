/* Rings made by four threads at once, by one path, and one whose members two
 * threads made. */
#include <pthread.h>
#include "victim.h"

static void *handed[2];

static NOINLINE void make(void)
{
	void **a = CALLOC(32), **b = CALLOC(48);

	a[0] = b;
	b[0] = a;
}

static void *worker(void *arg)
{
	TIMES(250)
	away(make);
	return arg;
}

static void *half_a(void *arg)
{
	handed[0] = CALLOC(64);
	return arg;
}

static void *half_b(void *arg)
{
	handed[1] = CALLOC(80);
	return arg;
}

int main(void)
{
	void *(*const start[])(void *) = {worker, worker, worker,
					  worker, half_a, half_b};
	pthread_t thread[6];

	say("expect cycle count=1000 bytes=80000 members=2 retained_bytes=0 "
	    "edges=32+0>48,48+0>32 root=worker function=make threads=worker");
	say("expect cycle count=1 bytes=144 members=2 root=* "
	    "edges=half_a+0>half_b,half_b+8>half_a threads=half_a,half_b");
	for (int i = 0; i < 6; i++)
		if (pthread_create(&thread[i], NULL, start[i], NULL))
			_exit(99);
	for (int i = 0; i < 6; i++)
		pthread_join(thread[i], NULL);
	((void **)handed[0])[0] = handed[1];
	((void **)handed[1])[1] = handed[0];
	handed[0] = handed[1] = NULL;
	clobber();
	return 0;
}
