/*
 * A service whose heap grows: soak SECONDS BLOCKS. Keeps so many blocks by the
 * end, writes to some of them all the time, loses a ring now and then. At the
 * end it tells the CPU time of its own and of its children, which are those
 * that scan.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

struct block {
	struct block *next, *other;
	char rest[];
};

static struct block **kept;
static size_t kept_n;
static uint64_t seed = 1;

static uint64_t chance(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static struct block *block_new(void)
{
	size_t rest = chance(160);
	struct block *block = malloc(sizeof *block + rest);

	if (!block)
		exit(1);
	memset(block->rest, 0, rest);
	block->next = kept_n ? kept[chance(kept_n)] : NULL;
	block->other = NULL;
	return block;
}

static void keep(size_t wanted)
{
	while (kept_n < wanted) {
		struct block *block = block_new();

		kept[kept_n++] = block;
	}
}

/* A third as many come and go as stay, and twice as many are written to. */
static void live(size_t n)
{
	size_t i;

	for (i = 0; i < 2 * n && kept_n; i++)
		kept[chance(kept_n)]->other = kept[chance(kept_n)];
	for (i = 0; i < n / 3; i++)
		free(block_new());
}

static __attribute__((noinline)) void lose_ring(void)
{
	struct block *a = block_new(), *b = block_new();

	a->next = b;
	b->next = a;
}

static double cpu(int who)
{
	struct rusage use;

	getrusage(who, &use);
	return use.ru_utime.tv_sec + use.ru_stime.tv_sec +
	       (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 600, start = now(), spent;
	size_t blocks = argc > 2 ? atol(argv[2]) : 2000000, before = 0;

	kept = calloc(blocks, sizeof *kept);
	if (!kept)
		return 1;
	while ((spent = now() - start) < seconds) {
		keep(blocks * spent / seconds);
		live(kept_n - before);
		if (kept_n / 5000 != before / 5000)
			lose_ring();
		before = kept_n;
		usleep(20000);
	}
	printf("{\"seconds\": %.3f, \"cpu\": %.3f, \"children_cpu\": %.3f}\n",
	       now() - start, cpu(RUSAGE_SELF), cpu(RUSAGE_CHILDREN));
	return 0;
}
