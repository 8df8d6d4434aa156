/*
 * A workload of ever new stacks: twelve functions, each of which calls the next
 * one at one of four places; the innermost allocates a block and frees it.
 *
 *   stacks near|far
 *
 * near: one stack after the other as a walk of a tree comes by, so that each
 * shares most frames with the one before. far: in no order. One line each time
 * that the distinct frames (a node of the depot each, but for those of main)
 * have doubled, from half a million to sixteen: their number, the allocations
 * since the line before, the processor time of one of these and the longest of
 * them in ns, the memory of the process in kB.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LEVELS 12u
#define STACKS (1u << 2 * LEVELS)
#define NODES_FIRST 500000u
#define NODES_LAST 16000000u
#define SCATTER 0x9e3779b1u /* odd: each stack comes once */

static struct {
	unsigned long nodes, stacks;
	long longest, began;
} seen;

static unsigned char known[LEVELS][STACKS / 8];

static long now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Of processor time: others may run meanwhile. */
static inline __attribute__((always_inline)) void allocate(void)
{
	long from = now(CLOCK_THREAD_CPUTIME_ID), took;
	void *volatile block = malloc(40);

	took = now(CLOCK_THREAD_CPUTIME_ID) - from;
	if (took > seen.longest)
		seen.longest = took;
	free(block);
}

#define CALL(next, n)                                                         \
	case n:                                                               \
		next(path);                                                   \
		__asm__ volatile("# returns to its own place %0" : : "i"(n)); \
		break;
#define LEVEL(name, next, level)                                  \
	static __attribute__((noinline)) void name(unsigned path) \
	{                                                         \
		switch (path >> 2 * (level)&3) {                  \
			CALL(next, 0)                             \
			CALL(next, 1)                             \
			CALL(next, 2)                             \
			CALL(next, 3)                             \
		}                                                 \
	}
#define last(path) allocate()
LEVEL(level0, last, 0)
LEVEL(level1, level0, 1)
LEVEL(level2, level1, 2)
LEVEL(level3, level2, 3)
LEVEL(level4, level3, 4)
LEVEL(level5, level4, 5)
LEVEL(level6, level5, 6)
LEVEL(level7, level6, 7)
LEVEL(level8, level7, 8)
LEVEL(level9, level8, 9)
LEVEL(level10, level9, 10)
LEVEL(level11, level10, 11)

static void count_nodes(unsigned path)
{
	unsigned level, at;

	for (level = 0; level < LEVELS; level++) {
		at = path >> 2 * level;
		if (known[level][at / 8] & 1u << at % 8)
			return;
		known[level][at / 8] |= 1u << at % 8;
		seen.nodes++;
	}
}

static long memory(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (!file || fscanf(file, "%*d %ld", &pages) != 1)
		abort();
	fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void say(void)
{
	long cpu = now(CLOCK_THREAD_CPUTIME_ID) - seen.began;

	printf("%lu %lu %.1f %ld %ld\n", seen.nodes, seen.stacks,
	       (double)cpu / seen.stacks, seen.longest, memory());
	fflush(stdout);
	seen.stacks = 0;
	seen.longest = 0;
	seen.began = now(CLOCK_THREAD_CPUTIME_ID);
}

int main(int argc, char **argv)
{
	unsigned long mark = NODES_FIRST;
	unsigned i, path;
	int far = argc > 1 && !strcmp(argv[1], "far");

	memset(known, 0, sizeof known);
	seen.began = now(CLOCK_THREAD_CPUTIME_ID);
	for (i = 0; i < STACKS && mark <= NODES_LAST; i++) {
		path = (far ? i * SCATTER : i) % STACKS;
		count_nodes(path);
		level11(path);
		seen.stacks++;
		if (seen.nodes >= mark) {
			say();
			mark *= 2;
		}
	}
	return 0;
}
