/* A block that only memory shared with other processes holds, which goes on
 * changing while a scan reads: each request is freed before its end. What
 * nothing holds is found all the same. SIZE: of the shared memory. */
#include <pthread.h>
#include <sys/mman.h>
#include "macro.h"
#include "victim.h"

#ifndef SIZE
#define SIZE (64ul << 10)
#endif
#define MANY 200000

struct request {
	void *buffer;
};

static void **keep;
static volatile int over;

static NOINLINE void begin(struct request *r)
{
	r->buffer = MALLOC(5000);
}

static NOINLINE void finish(struct request *r)
{
	free(r->buffer);
	r->buffer = NULL;
}

static void *serve(void *arg)
{
	while (!over) {
		begin(arg);
		clobber();
		nap_ms(3);
		finish(arg);
		nap_ms(3);
	}
	return NULL;
}

static NOINLINE void lose(void)
{
	MALLOC(100);
}

int main(void)
{
	struct request *r =
		mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	pthread_t thread;

	say("expect lost count=1 bytes=100 function=lose confidence=%s",
	    SIZE > 64ul << 20 ? "likely" : "certain");
	if (r == MAP_FAILED)
		return 99;
	keep = MALLOC(MANY * sizeof(*keep));
	for (int i = 0; i < MANY; i++)
		keep[i] = MALLOC(40);
	away(lose);
	if (pthread_create(&thread, NULL, serve, r))
		return 99;
	for (int i = 0; i < 16; i++)
		gordian_check();
	over = 1;
	pthread_join(thread, NULL);
	return 0;
}
