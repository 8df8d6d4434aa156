/* The place where threads wait: who is counted stands still, and once. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/pages.h"
#include "base/sys.h"
#include "process/park.h"
#include "process/stopped.h"

static volatile sig_atomic_t handled;
static volatile int32_t tid;
static volatile int left;
static pthread_t waiter;

static void park_again(int sig)
{
	struct stopped here = stopped_from_sp(0x1000);

	(void)sig;
	handled++;
	park(&here);
}

/* As on leaving the guard: with its signals let in. */
static void *wait_in_park(void *arg)
{
	struct stopped here = stopped_from_sp(0x2000);

	tid = here.tid;
	park(&here);
	left = 1;
	return arg;
}

static void begin(void)
{
	handled = left = 0;
	assert_int_equal(park_open(), 0);
	pthread_create(&waiter, NULL, wait_in_park, NULL);
	while (!park_count())
		sched_yield();
}

static void end(void)
{
	park_close();
	pthread_join(waiter, NULL);
	assert_true(left);
	assert_true(park_is_empty());
}

/* The signal of this stop finds a thread that a note of an earlier one made
 * park. */
static void once(void **state)
{
	uint32_t n;

	(void)state;
	begin();
	assert_true(park_has(tid));
	pthread_kill(waiter, SIGUSR1);
	assert_int_equal(park_expect(2, 50000000), 1);
	assert_int_equal(handled, 0);
	park_list(&n);
	assert_int_equal(n, 1);
	end();
	assert_int_equal(handled, 1);
}

static const struct stopped *late;
static void *come_late(void *arg)
{
	park(late);
	return arg;
}

/* Who still leaves a stop when the next one begins is not counted in it, and
 * does not write to its list. */
static void other_list(void **state)
{
	struct stopped here = stopped_from_sp(0x3000);
	const struct stopped *list;
	pthread_t second;
	uint32_t n;

	(void)state;
	late = &here;
	begin();
	list = park_list(&n);
	park_close();
	pthread_join(waiter, NULL);
	begin();
	assert_ptr_equal(park_list(&n), list);
	park_close();
	assert_int_equal(park_open(), 0); /* it may not have left yet */
	assert_true(park_is_empty() || park_list(&n) != list);
	assert_int_equal(park_count(), 0);
	pthread_create(&second, NULL, come_late, NULL);
	while (!park_count())
		sched_yield();
	assert_int_equal(park_list(&n)->sp, 0x3000);
	park_close();
	pthread_join(second, NULL);
	pthread_join(waiter, NULL);
	assert_true(park_is_empty());
}

/* Pages with the marks of threads are made as the numbers of threads go up. */
#define MARKS 4096

/* What lists take. */
static size_t mapped(void)
{
	uintptr_t low, high;
	size_t bytes = 0;
	unsigned i;

	for (i = 0; pages_range(i, &low, &high); i++)
		if (high - low != MARKS)
			bytes += high - low;
	return bytes;
}

#define MANY 30

static void stop_many(pthread_t *thread)
{
	int i;

	assert_int_equal(park_open(), 0);
	for (i = 0; i < MANY; i++)
		pthread_create(&thread[i], NULL, wait_in_park, NULL);
	while (park_count() < MANY)
		sched_yield();
	park_close();
}

/* A list that is made since somebody may write to the other is given back. */
static void lists_go(void **state)
{
	pthread_t thread[MANY];
	size_t before = mapped();
	int i, k;

	(void)state;
	for (i = 0; i < 10; i++) {
		stop_many(thread);
		assert_int_equal(park_open(), 0); /* some have not left yet */
		park_close();
		for (k = 0; k < MANY; k++)
			pthread_join(thread[k], NULL);
	}
	assert_int_equal(park_open(), 0);
	park_close();
	assert_true(mapped() <= before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(once),
		cmocka_unit_test(other_list),
		cmocka_unit_test(lists_go),
	};
	struct sigaction action = {.sa_handler = park_again};

	alarm(60); /* it would wait for ever */
	if (sigaction(SIGUSR1, &action, NULL))
		return 99;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
