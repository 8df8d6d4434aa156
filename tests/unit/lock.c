/* Locks: who takes them out of their order is ended, in a build that checks. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/lock.h"

static struct lock low = LOCK_INIT(LOCK_THREAD);
static struct lock middle = LOCK_INIT(LOCK_REFS);
static struct lock also = LOCK_INIT(LOCK_REFS);
static struct lock high = LOCK_INIT(LOCK_RANGES);

/* How a child ends that does that: 0, or the signal. */
static int ends_by(void (*act)(void))
{
	static const struct rlimit no_core;
	pid_t pid = fork();
	int status;

	if (!pid) {
		signal(SIGILL, SIG_DFL); /* cmocka has a handler */
		setrlimit(RLIMIT_CORE, &no_core);
		alarm(5);
		act();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void upwards(void)
{
	lock_take(&low);
	lock_take(&middle);
	lock_take(&high);
	lock_drop(&middle); /* dropped in any order */
	lock_drop(&high);
	lock_take(&middle);
	lock_drop(&middle);
	lock_drop(&low);
	lock_take(&low);
}

static void downwards(void)
{
	lock_take(&middle);
	lock_take(&low);
}

static void of_one_rank(void)
{
	lock_take(&middle);
	lock_take(&also);
}

static void twice(void)
{
	lock_take(&middle);
	lock_take(&middle);
}

static void dropped_twice(void)
{
	lock_take(&middle);
	lock_drop(&middle);
	lock_drop(&middle);
}

/* A try may go downwards: it waits for nobody. It counts as held then. */
static void tried(void)
{
	lock_take(&middle);
	if (!lock_try(&low) || lock_try(&low))
		_exit(1);
	lock_drop(&middle);
	lock_take(&middle);
}

static void below_tried(void)
{
	if (!lock_try(&high))
		_exit(1);
	lock_take(&low);
}

/* In the snapshot child none counts. */
static void all_free(void)
{
	lock_take(&high);
	lock_all_free();
	lock_take(&low);
	lock_take(&low);
	lock_drop(&low);
	lock_drop(&middle);
	if (!lock_try(&high))
		_exit(1);
}

static void ranks(void **state)
{
	(void)state;
	assert_int_equal(ends_by(upwards), 0);
	assert_int_equal(ends_by(downwards), SIGILL);
	assert_int_equal(ends_by(of_one_rank), SIGILL);
	assert_int_equal(ends_by(twice), SIGILL);
	assert_int_equal(ends_by(dropped_twice), SIGILL);
	assert_int_equal(ends_by(tried), 0);
	assert_int_equal(ends_by(below_tried), SIGILL);
	assert_int_equal(ends_by(all_free), 0);
}

/* While one is held, all signals wait. */
static void signals_wait(void **state)
{
	sigset_t before, during, after;

	(void)state;
	sigprocmask(SIG_BLOCK, NULL, &before);
	lock_take(&low);
	lock_take(&high);
	sigprocmask(SIG_BLOCK, NULL, &during);
	assert_true(sigismember(&during, SIGTERM));
	lock_drop(&high);
	sigprocmask(SIG_BLOCK, NULL, &during);
	assert_true(sigismember(&during, SIGTERM));
	lock_drop(&low);
	sigprocmask(SIG_BLOCK, NULL, &after);
	assert_memory_equal(&before, &after, 8);
	assert_true(lock_try(&low));
	assert_false(lock_try(&low));
	sigprocmask(SIG_BLOCK, NULL, &during);
	assert_true(sigismember(&during, SIGTERM));
	lock_drop(&low);
	sigprocmask(SIG_BLOCK, NULL, &after);
	assert_memory_equal(&before, &after, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranks),
		cmocka_unit_test(signals_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
