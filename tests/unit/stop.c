/* Stopping the threads: who runs or sleeps stands still until all go on; who
 * cannot answer holds up nobody. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include "base/request.h"
#include "base/sys.h"
#include "base/text.h"
#include "heap-make.h"
#include "process/park.h"
#include "process/pid.h"
#include "process/silent.h"
#include "process/stop.h"
#include "process/stopped.h"
#include "process/task.h"

#define MANY 8

static struct actor {
	pthread_t thread;
	volatile int32_t tid;
	volatile uint64_t turns;
} actor[MANY];
static volatile bool deaf; /* the signal stays blocked */

/* As the library's own handler. */
static void wait_in_park(int sig, siginfo_t *info, void *context)
{
	struct stopped here = stopped_from_signal(context);

	(void)sig;
	(void)info;
	park(&here);
}

static void *turn(void *data)
{
	struct actor *a = data;

	for (a->tid = gettid();; a->turns++)
		;
	return NULL;
}

static void *sleep_long(void *data)
{
	struct actor *a = data;

	for (a->tid = gettid();; a->turns++)
		pause();
	return NULL;
}

static void *hear_nothing(void *data)
{
	struct actor *a = data;
	sigset_t set, before;

	sigfillset(&set);
	pthread_sigmask(SIG_BLOCK, &set, &before);
	a->tid = gettid();
	while (deaf)
		usleep(100);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return turn(data);
}

static void begin(void *(*run)(void *), unsigned from, unsigned to)
{
	struct sigaction action = {.sa_sigaction = wait_in_park,
				   .sa_flags = SA_SIGINFO | SA_RESTART};

	pid_note();
	sigfillset(&action.sa_mask);
	CHECK_EQUAL(sigaction(GORDIAN_SIGNAL, &action, NULL), 0);
	for (; from < to; from++) {
		CHECK_EQUAL(pthread_create(&actor[from].thread, NULL, run,
					   &actor[from]),
			    0);
		while (!actor[from].tid)
			sched_yield();
	}
}

static uint64_t mask;

static int hold_all(bool insist)
{
	stop_lock();
	sys_set_mask(UINT64_MAX, &mask);
	return stop_threads(insist, GORDIAN_SIGNAL);
}

/* Until there is nobody who was late, either: the machine may be busy. */
static void stop_all(void)
{
	int i, err = hold_all(false);

	for (i = 0; err && i < 1000; i++) {
		CHECK(err == -EAGAIN || err == -EBUSY);
		usleep(1000);
		err = stop_threads(false, GORDIAN_SIGNAL);
	}
	CHECK_EQUAL(err, 0);
}

static void go_on(bool stopped)
{
	if (stopped)
		park_close();
	task_close();
	sys_set_mask(mask, NULL);
	stop_unlock();
}

static bool is_parked(int32_t tid)
{
	const struct stopped *list;
	uint32_t i, n;

	list = park_list(&n);
	for (i = 0; i < n && list[i].tid != tid; i++)
		;
	return i < n && park_has(tid);
}

static void still(unsigned n)
{
	uint64_t before[MANY];
	uint32_t i, found;

	park_list(&found);
	CHECK_EQUAL(found, n);
	CHECK_EQUAL(park_count(), n);
	CHECK_EQUAL(stop_missing(), 0);
	for (i = 0; i < n; i++) {
		CHECK(is_parked(actor[i].tid));
		before[i] = actor[i].turns;
	}
	usleep(2000);
	for (i = 0; i < n; i++)
		CHECK_EQUAL(actor[i].turns, before[i]);
}

static void all_turn(unsigned from, unsigned to)
{
	for (; from < to; from++) {
		uint64_t before = actor[from].turns;

		while (actor[from].turns == before)
			sched_yield();
	}
}

/* Again and again, and nobody is lost. */
static void all_stand_still(void)
{
	int i;

	stop_init();
	begin(turn, 0, 4);
	begin(sleep_long, 4, MANY);
	for (i = 0; i < 20; i++) {
		stop_all();
		still(MANY);
		go_on(true);
		all_turn(0, 4);
	}
}

static void nobody_else(void)
{
	uint32_t n;

	stop_init();
	begin(turn, 0, 0);
	CHECK_EQUAL(hold_all(false), 0);
	park_list(&n);
	CHECK_EQUAL(n, 0);
	go_on(true);
}

static const char *explained(void)
{
	static char line[200];
	struct text text = {line, sizeof line, 0};

	silent_explain(&text);
	return line;
}

static bool is_among(const int32_t *tids, uint32_t n, int32_t tid)
{
	while (n && tids[n - 1] != tid)
		n--;
	return n;
}

/* It is waited for once; then nobody is held for it until it can answer. */
static void one_is_deaf(void)
{
	stop_init();
	deaf = true;
	begin(hear_nothing, 0, 1);
	CHECK_EQUAL(hold_all(false), -EAGAIN);
	/* On a busy machine others may have been late, too. */
	while (!strstr(explained(), "blocks signal")) {
		go_on(false);
		CHECK_EQUAL(hold_all(false), -EAGAIN);
	}
	go_on(false);
	CHECK_EQUAL(hold_all(false), -EBUSY);
	CHECK(park_is_empty());
	go_on(false);
	deaf = false;
	all_turn(0, 1);
	stop_all();
	still(1);
	go_on(true);
}

/* Who insists goes without it, and knows. */
static void without_one(void)
{
	const int32_t *tids;
	uint32_t n;
	int i;

	stop_init();
	deaf = true;
	begin(turn, 0, 2);
	begin(hear_nothing, 2, 3);
	CHECK_EQUAL(hold_all(true), 0);
	/* the machine may be busy, and the others late, too */
	for (i = 0; stop_missing() > 1 && i < 1000; i++) {
		go_on(true);
		all_turn(0, 2);
		CHECK_EQUAL(hold_all(true), 0);
	}
	CHECK_EQUAL(stop_missing(), 1);
	tids = stop_tids(&n);
	CHECK(is_among(tids, n, actor[2].tid));
	CHECK(is_parked(actor[0].tid) && is_parked(actor[1].tid));
	CHECK(!is_parked(actor[2].tid));
	go_on(true);
	all_turn(0, 2);
	deaf = false;
	all_turn(2, 3);
	stop_all();
	still(3);
	stop_tids(&n);
	CHECK_EQUAL(n, 0);
	go_on(true);
}

static void *try_lock(void *data)
{
	*(int *)data = !stop_trylock();
	if (*(int *)data)
		stop_unlock();
	return NULL;
}

static bool others_may(void)
{
	pthread_t thread;
	int got = -1;

	CHECK_EQUAL(pthread_create(&thread, NULL, try_lock, &got), 0);
	CHECK_EQUAL(pthread_join(thread, NULL), 0);
	return got;
}

/* A thread may take it again, and is to drop it as often. */
static void the_lock(void)
{
	CHECK(!stop_is_held());
	CHECK(others_may());
	CHECK_EQUAL(stop_trylock(), 0);
	CHECK(stop_is_held());
	CHECK(!others_may());
	stop_lock();
	stop_lock();
	stop_unlock();
	stop_unlock();
	CHECK(stop_is_held());
	CHECK(!others_may());
	stop_unlock();
	CHECK(!stop_is_held());
	CHECK(others_may());
}

/* The parent's lock is none of the child's. */
static void after_a_fork(void)
{
	pid_t pid;
	int status;

	stop_init();
	stop_lock();
	stop_lock();
	pid = fork();
	if (!pid) {
		stop_forked();
		CHECK(!stop_is_held());
		stop_lock();
		stop_unlock();
		CHECK(!stop_is_held());
		_exit(0);
	}
	CHECK_EQUAL(waitpid(pid, &status, 0), pid);
	CHECK_EQUAL(status, 0);
	CHECK(stop_is_held());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CHILD(all_stand_still), IN_CHILD(nobody_else),
		IN_CHILD(one_is_deaf),	   IN_CHILD(without_one),
		IN_CHILD(the_lock),	   IN_CHILD(after_a_fork),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
