/* Ten threads that allocate and free all the time while scans come in. What
 * they lost on the way is found, and no more. */
#include <pthread.h>
#include <stdatomic.h>
#include "victim.h"

static atomic_int stop;

static NOINLINE void lose(void)
{
	void **a = CALLOC(32), **b = CALLOC(48);

	a[0] = b;
	b[0] = a;
}

static void *worker(void *arg)
{
	void *volatile list = NULL;
	void **next;

	TIMES(10)
	away(lose);
	while (!stop) {
		for (int i = 0; i < 500; i++) {
			void **node = MALLOC(16 + i);

			*node = list;
			list = node;
		}
		for (; list; list = next) {
			next = *(void **)list;
			free(list);
		}
		nap_ms(1);
	}
	return arg;
}

int main(void)
{
	pthread_t thread[10];

	say("option --interval=0.01");
	say("expect cycle count=100 bytes=8000 members=2 root=worker");
	for (int i = 0; i < 10; i++)
		if (pthread_create(&thread[i], NULL, worker, NULL))
			_exit(99);
	nap_ms(1000);
	stop = 1;
	for (int i = 0; i < 10; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
