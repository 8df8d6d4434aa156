/* Eight threads use the macros at once, all on one object too: every count is
 * exact. Each forgets the shared object once. */
#include <pthread.h>
#include "macro.h"

#define ROUNDS 20000

static struct obj *shared;
static pthread_barrier_t start;

static NOINLINE void borrow(void)
{
	struct obj *obj = shared;

	GORDIAN_REF(obj);
	__atomic_add_fetch(&obj->refs, 1, __ATOMIC_RELAXED);
	GORDIAN_UNREF(obj);
	__atomic_sub_fetch(&obj->refs, 1, __ATOMIC_RELAXED);
}

static NOINLINE void forget(void)
{
	GORDIAN_REF(shared);
}

static NOINLINE void ring(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b");

	a->first = ref(b);
	GORDIAN_LINK(a, first, b);
	b->second = ref(a);
	GORDIAN_LINK(b, second, a);
	unref(a);
	unref(b);
}

static void *worker(void *arg)
{
	pthread_barrier_wait(&start);
	for (volatile int i = 0; i < ROUNDS; i++) {
		borrow();
		if (i % 1000 == 0)
			away(ring);
	}
	forget();
	clobber();
	return arg;
}

static NOINLINE void make(void)
{
	shared = obj_new("shared");
}

static NOINLINE void drop(void)
{
	GORDIAN_UNREF(shared);
	shared = NULL;
}

int main(void)
{
	pthread_t thread[8];

	say("expect cycle count=160 members=2 type=a,b refcount=1,1 "
	    "root=worker "
	    "edges=a.first>b,b.second>a acquires=ring");
	say("expect excess-ref count=1 members=1 type=shared refcount=8 "
	    "references=0 acquires=forget*8");
	say("warning none");
	away(make);
	pthread_barrier_init(&start, NULL, 8);
	for (int i = 0; i < 8; i++)
		if (pthread_create(&thread[i], NULL, worker, NULL))
			_exit(99);
	for (int i = 0; i < 8; i++)
		pthread_join(thread[i], NULL);
	away(drop);
	return 0;
}
