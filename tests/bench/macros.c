/*
 * What the macros cost: runs one of them in a loop, and the same loop without
 * it, and prints nanoseconds an iteration. macros.py runs this with Gordian and
 * without.
 *
 *	macros CASE FRAMES ROUNDS
 *
 * The macros stand in functions of their own, as in a program that counts, and
 * FRAMES is the depth of the stack there. Each round times the loop without
 * the macros, the loop, and two threads at once, and prints a line: processor
 * time of an iteration of the first and second, then real time of one thread's
 * iteration alone and of all iterations of two.
 */
#include <dlfcn.h>
#include <gordian.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THINGS 64	       /* that a thread has to do with in turn */
#define LONG_ENOUGH 30000000.0 /* ns, for a loop that is timed */
#define HIDE(x) __asm__ volatile("" : : "r"(x) : "memory")
#define STEP static __attribute__((noinline)) void

struct thing {
	struct thing *first;
	long room[7];
};

/* One half of an iteration; at[1] is another thing. */
typedef void step_fn(struct thing **at);

STEP nothing(struct thing **at)
{
	HIDE(at);
}

STEP ref(struct thing **at)
{
	GORDIAN_REF(*at);
	HIDE(at);
}

STEP unref(struct thing **at)
{
	GORDIAN_UNREF(*at);
	HIDE(at);
}

STEP set_only(struct thing **at)
{
	at[0]->first = at[1];
	HIDE(at);
}

STEP clear_only(struct thing **at)
{
	at[0]->first = NULL;
	HIDE(at);
}

STEP set(struct thing **at)
{
	GORDIAN_LINK(at[0], first, at[1]);
	at[0]->first = at[1];
	HIDE(at);
}

STEP clear(struct thing **at)
{
	GORDIAN_UNLINK(at[0], first);
	at[0]->first = NULL;
	HIDE(at);
}

STEP make_only(struct thing **at)
{
	*at = malloc(sizeof **at);
	HIDE(at);
}

STEP make(struct thing **at)
{
	*at = malloc(sizeof **at);
	GORDIAN_OBJECT(*at, "thing");
	HIDE(at);
}

STEP destroy(struct thing **at)
{
	HIDE(at);
	free(*at);
}

/* About as long as a macro, and nothing that threads share: how well two of
 * them run on this machine just now. */
STEP count(struct thing **at)
{
	unsigned long i, n = (unsigned long)at;

	for (i = 0; i < 40; i++) {
		n = n * 5 + i;
		HIDE(n);
	}
}

struct steps {
	step_fn *up, *down;
};

static const struct test {
	const char *name;
	struct steps with, without;
	int makes; /* the things themselves */
} tests[] = {
	{"ref", {ref, unref}, {nothing, nothing}, 0},
	{"link", {set, clear}, {set_only, clear_only}, 0},
	{"object", {make, destroy}, {make_only, destroy}, 1},
	{"malloc", {make_only, destroy}, {nothing, nothing}, 1},
	{"control", {count, count}, {nothing, nothing}, 0},
};

struct job {
	const struct steps *steps;
	int frames, makes;
	long n;
	pthread_barrier_t *start;
	double from, to, cpu; /* results, in ns */
};

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static __attribute__((noinline)) void loop(struct job *job)
{
	struct thing *things[THINGS + 1];
	long i;

	for (i = 0; i < THINGS; i++) {
		things[i] = job->makes ? NULL : calloc(1, sizeof **things);
		GORDIAN_OBJECT(things[i], "thing");
	}
	things[THINGS] = things[0];
	pthread_barrier_wait(job->start);
	job->cpu = now(CLOCK_THREAD_CPUTIME_ID);
	job->from = now(CLOCK_MONOTONIC);
	for (i = 0; i < job->n; i++) {
		job->steps->up(&things[i % THINGS]);
		job->steps->down(&things[i % THINGS]);
	}
	job->to = now(CLOCK_MONOTONIC);
	job->cpu = now(CLOCK_THREAD_CPUTIME_ID) - job->cpu;
	for (i = 0; i < THINGS && !job->makes; i++)
		free(things[i]);
}

static __attribute__((noinline)) void descend(struct job *job, int frames)
{
	if (frames > 0)
		descend(job, frames - 1);
	else
		loop(job);
	HIDE(job); /* no tail calls */
}

/* Around a step: loop, descend, run, and two of the C library's. */
static void *run(void *data)
{
	struct job *job = data;

	descend(job, job->frames - 6);
	return NULL;
}

/* Real time of it all; *cpu: of all threads. */
static double time_loop(struct job job, int threads, double *cpu)
{
	pthread_barrier_t start;
	pthread_t thread[2];
	struct job jobs[2];
	double from, to;
	int i;

	pthread_barrier_init(&start, NULL, threads);
	job.start = &start;
	for (i = 0; i < threads; i++) {
		jobs[i] = job;
		if (pthread_create(&thread[i], NULL, run, &jobs[i]))
			abort();
	}
	for (*cpu = i = 0; i < threads; i++) {
		pthread_join(thread[i], NULL);
		*cpu += jobs[i].cpu;
		from = !i || jobs[i].from < from ? jobs[i].from : from;
		to = !i || jobs[i].to > to ? jobs[i].to : to;
	}
	pthread_barrier_destroy(&start);
	return to - from;
}

static void one_round(const struct test *test, struct job with)
{
	struct job without = with;
	double base, cost, both, one, two;

	without.steps = &test->without;
	time_loop(without, 1, &base);
	one = time_loop(with, 1, &cost);
	two = time_loop(with, 2, &both);
	printf("%.3f %.3f %.3f %.3f\n", base / with.n, cost / with.n,
	       one / with.n, two / with.n / 2);
}

int main(int argc, char **argv)
{
	const struct test *test = tests, *end = tests + 5;
	struct job job = {.n = 1000};
	double cpu = 0;
	int rounds;

	while (argc == 4 && test < end && strcmp(test->name, argv[1]))
		test++;
	if (argc != 4 || test == end) {
		fputs("usage: macros CASE FRAMES ROUNDS\n", stderr);
		return 2;
	}
	job.steps = &test->with;
	job.makes = test->makes;
	job.frames = atoi(argv[2]);
	for (; time_loop(job, 1, &cpu), cpu < LONG_ENOUGH; job.n *= 2)
		;
	printf("gordian: %s\n",
	       dlsym(RTLD_DEFAULT, "gordian_api_1") ? "yes" : "no");
	for (rounds = atoi(argv[3]); rounds > 0; rounds--)
		one_round(test, job);
	return 0;
}
