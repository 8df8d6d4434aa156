/*
 * A workload of threads that allocate and free.
 *
 *	threads own N		each of N threads its own blocks
 *	threads exchange 2	each of N threads those of the one before it
 *
 * Each thread goes through ROUNDS steps: it frees the block in a slot, chosen
 * at random, and puts a new one there. Exchanging, the slots of all threads
 * are common, and a block is taken out by one atomic step.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 4096
#define ROUNDS 5000000
#define THREADS_MAX 64
#define NOINLINE static __attribute__((noinline))

typedef _Atomic(char *) slot;

struct worker {
	_Alignas(128) pthread_t thread; /* no two in one cache line */
	slot *slots;
	unsigned long random;
};

/* Two places that allocate through a third, as in a program. */
NOINLINE char *make(size_t size)
{
	char *block = malloc(size);

	if (!block)
		abort();
	return block;
}

NOINLINE char *make_small(unsigned long n)
{
	char *block = make(16 + n % 64);

	block[0] = 's';
	return block;
}

NOINLINE char *make_large(unsigned long n)
{
	char *block = make(80 + n % 512);

	block[0] = 'l';
	return block;
}

NOINLINE void step(struct worker *self, slot *slots)
{
	unsigned long n = self->random =
		self->random * 6364136223846793005ul + 1442695040888963407ul;
	slot *at = &slots[(n >> 33) % SLOTS];
	char *block = n >> 63 ? make_small(n >> 40) : make_large(n >> 40);

	free(atomic_exchange(at, block));
}

static void *work(void *data)
{
	struct worker *self = data;
	long i;

	for (i = 0; i < ROUNDS; i++)
		step(self, self->slots);
	return NULL;
}

int main(int argc, char **argv)
{
	static _Alignas(128) slot slots[THREADS_MAX][SLOTS];
	static struct worker workers[THREADS_MAX];
	int i, n = argc == 3 ? atoi(argv[2]) : 0, exchange;

	if (n < 1 || n > THREADS_MAX) {
		fputs("usage: threads own|exchange THREADS\n", stderr);
		return 2;
	}
	exchange = !strcmp(argv[1], "exchange");
	for (i = 0; i < n; i++) {
		workers[i].slots = slots[exchange ? 0 : i];
		workers[i].random = i + 1;
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			abort();
	}
	for (i = 0; i < n; i++)
		pthread_join(workers[i].thread, NULL);
	return 0;
}
