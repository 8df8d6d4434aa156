/* Blocks held by arenas of the program's own that begin as glibc's heaps do:
 * at a multiple of 64 MB, with a pointer, a second one or none, and two sizes.
 * A thread gives glibc a second arena, so that its ring is more than one. */
#include <pthread.h>
#include <sys/mman.h>
#include "victim.h"

#define ALIGN (64ul << 20)

struct head {
	char *data;
	struct head *previous;
	size_t used, capacity;
};

static void *work(void *arg)
{
	free(malloc(100));
	return arg;
}

static NOINLINE struct head *arena(struct head *previous)
{
	char *p = mmap(NULL, 2 * ALIGN, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct head *head = (void *)(((uintptr_t)p + ALIGN - 1) & -ALIGN);

	if (p == MAP_FAILED)
		_exit(99);
	*head = (struct head){(char *)head + 64, previous, 40960, ALIGN};
	*(void **)(head->data + 800) = MALLOC(100);
	return head;
}

static NOINLINE void make(void)
{
	arena(arena(NULL));
}

int main(void)
{
	pthread_t thread;

	say("expect nothing");
	pthread_create(&thread, NULL, work, NULL);
	pthread_join(thread, NULL);
	away(make);
	return 0;
}
