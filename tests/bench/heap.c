/*
 * A heap of one shape to be looked at: prints what a look costs the program.
 * heap.py runs this under Gordian and under LeakSanitizer.
 *
 *	heap SHAPE BLOCKS THREADS CHECKS
 *
 * Of the THREADS beside the first one spins on the clock and notes its longest
 * gap, the others sleep. A line before the checks: that gap, without a check,
 * in µs. Then one for each: the gap, in µs, the wall and the processor time of
 * the check, its child's with it and the spinning thread's without, in ms.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NOINLINE static __attribute__((noinline))

struct node {
	struct node *to[2];
	long room[4]; /* glibc's blocks are then 64 bytes apart */
};

/* Where a block's edges lead, NULL where it has none. */
typedef void edges_fn(struct node **at, size_t i, size_t n);

static struct node *volatile root;   /* the first block */
static struct node **volatile table; /* all blocks */
static _Atomic double longest;
static atomic_long readings;
static clockid_t spinning;
static int spins;

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static size_t some(size_t n)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005ul + 1442695040888963407ul;
	return (state >> 24) % n;
}

static void chain(struct node **at, size_t i, size_t n)
{
	at[i]->to[0] = i + 1 < n ? at[i + 1] : NULL;
}

static void tree(struct node **at, size_t i, size_t n)
{
	at[i]->to[0] = 2 * i + 1 < n ? at[2 * i + 1] : NULL;
	at[i]->to[1] = 2 * i + 2 < n ? at[2 * i + 2] : NULL;
}

static void two_random(struct node **at, size_t i, size_t n)
{
	at[i]->to[0] = at[some(n)];
	at[i]->to[1] = at[some(n)];
}

static void chain_and_random(struct node **at, size_t i, size_t n)
{
	chain(at, i, n);
	at[i]->to[1] = at[some(n)];
}

static void ring_and_random(struct node **at, size_t i, size_t n)
{
	at[i]->to[0] = at[(i + 1) % n];
	at[i]->to[1] = at[some(n)];
}

static void none(struct node **at, size_t i, size_t n)
{
	(void)at, (void)i, (void)n;
}

static const struct shape {
	const char *name;
	edges_fn *edges;
	enum { ROOT = 1, TABLE = 2 } held;
	int leaks;
} shapes[] = {
	{"chain", chain, ROOT, 0},
	{"tree", tree, ROOT, 0},
	{"random", two_random, ROOT, 1},
	{"mixed", chain_and_random, ROOT, 0},
	{"table", none, TABLE, 0},
	{"lost", none, 0, 1},
	{"giant", ring_and_random, 0, 1},
	{"tangle", two_random, 0, 1},
	{0},
};

/* The addresses of all blocks stay nowhere but in what the shape says. */
NOINLINE void build(const struct shape *shape, size_t n)
{
	struct node **at = mmap(NULL, n * sizeof *at, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	if (at == MAP_FAILED)
		abort();
	for (i = 0; i < n; i++) {
		at[i] = calloc(1, sizeof **at);
		if (!at[i])
			abort();
	}
	for (i = 0; i < n; i++)
		shape->edges(at, i, n);
	root = shape->held == ROOT ? at[0] : NULL;
	if (shape->held == TABLE) {
		table = malloc(n * sizeof *table);
		memcpy(table, at, n * sizeof *table);
	}
	munmap(at, n * sizeof *at);
}

/* Over what build() has left on the stack. */
NOINLINE void wipe(void)
{
	char room[65536];

	memset(room, 0, sizeof room);
	__asm__ volatile("" : : "r"(room) : "memory");
}

static void *spin(void *data)
{
	double before, after;

	pthread_barrier_wait(data);
	for (before = now(CLOCK_MONOTONIC);; before = after) {
		after = now(CLOCK_MONOTONIC);
		if (after - before > longest)
			longest = after - before;
		readings++;
	}
	return NULL;
}

/* Until the spinning thread has noted the gap that it may be in. */
static void settle(void)
{
	long n = readings;

	while (spins && readings < n + 2)
		usleep(100);
}

static void *sleep_on(void *data)
{
	pthread_barrier_wait(data);
	for (;;)
		pause();
	return NULL;
}

static void start_threads(int n)
{
	static pthread_barrier_t started;
	pthread_attr_t attributes;
	pthread_t thread;
	int i;

	pthread_barrier_init(&started, NULL, n + 1);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 1 << 18);
	for (i = 0; i < n; i++) {
		if (pthread_create(&thread, &attributes, i ? sleep_on : spin,
				   &started))
			abort();
		if (!i)
			spins = !pthread_getcpuclockid(thread, &spinning);
	}
	pthread_barrier_wait(&started);
}

static double cpu(void)
{
	double sum = spins ? -now(spinning) : 0;
	struct rusage usage[2];
	int i;

	getrusage(RUSAGE_SELF, &usage[0]);
	getrusage(RUSAGE_CHILDREN, &usage[1]);
	for (i = 0; i < 2; i++)
		sum += (usage[i].ru_utime.tv_sec + usage[i].ru_stime.tv_sec) *
			       1e3 +
		       (usage[i].ru_utime.tv_usec + usage[i].ru_stime.tv_usec) /
			       1e3;
	return sum;
}

static void look(int (*check)(void), int leaks)
{
	double wall, used;

	settle();
	longest = 0;
	used = cpu();
	wall = now(CLOCK_MONOTONIC);
	if (check() != leaks) {
		fputs("heap: not the leaks that are there\n", stderr);
		syscall(SYS_exit_group, 1);
	}
	wall = now(CLOCK_MONOTONIC) - wall;
	used = cpu() - used;
	settle();
	printf("%.0f %.3f %.3f\n", longest * 1e3, wall, used);
	fflush(stdout);
	usleep(20000);
}

int main(int argc, char **argv)
{
	const struct shape *shape = shapes;
	int (*check)(void);
	int i;

	*(void **)&check =
		dlsym(RTLD_DEFAULT, "__lsan_do_recoverable_leak_check");
	while (argc == 5 && shape->name && strcmp(shape->name, argv[1]))
		shape++;
	if (argc != 5 || !shape->name || !check || atol(argv[2]) < 1) {
		fputs("usage: heap SHAPE BLOCKS THREADS CHECKS, under Gordian "
		      "or LeakSanitizer\n",
		      stderr);
		return 2;
	}
	build(shape, atol(argv[2]));
	wipe();
	if (atoi(argv[3]))
		start_threads(atoi(argv[3]));
	settle();
	longest = 0;
	usleep(200000);
	settle();
	printf("%.0f\n", longest * 1e3);
	for (i = atoi(argv[4]); i > 0; i--)
		look(check, shape->leaks);
	syscall(SYS_exit_group, 0); /* no last check */
}
