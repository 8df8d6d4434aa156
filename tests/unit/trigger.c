/* A scan that is due and may not be made costs hooks nothing: they do not ask
 * again for each allocation. One that may be made is begun. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/config.h"
#include "base/sys.h"
#include "process/guard.h"
#include "process/tally.h"
#include "process/thread.h"
#include "snapshot/budget.h"
#include "snapshot/reap.h"
#include "snapshot/shared.h"
#include "snapshot/trigger.h"
#include "snapshot/triggers.h"

#define HOOKS 2000000
#define FEW (HOOKS / 50)

static struct thread self;

static void begin(uint64_t interval, uint64_t threshold, uint32_t budget)
{
	config.interval_us = interval;
	config.threshold = threshold;
	config.budget = budget;
	self = (struct thread){0};
	trigger_init();
	shared_memory()->late.unripe = 1; /* never idle */
	trigger_scanned(TRIGGER_INTERVAL);
	sys_pause_us(interval + 10000);
}

/* A block is made and freed, again and again; how often hooks came by. */
static int served(int hooks, int *due)
{
	int times = 0;

	for (*due = 0; hooks--;) {
		trigger_alloc(&self, 64);
		guard_tick(&self);
		tally_free(&self.tally, 64);
		guard_tick(&self);
		if (!self.pending)
			continue;
		if (self.pending & PENDING_CLOCK)
			trigger_look_at_clock(&self);
		self.pending &= ~(uint32_t)PENDING_CLOCK;
		if (!self.pending)
			continue;
		self.pending = 0;
		times++;
		*due += trigger_due() >= 0;
	}
	return times;
}

static void interval_without_budget(void **state)
{
	int due;

	(void)state;
	begin(1000, 0, 0);
	assert_in_range(served(HOOKS, &due), 1, FEW);
	assert_int_equal(due, 0);
}

static void threshold_without_budget(void **state)
{
	int due;

	(void)state;
	begin(0, 1, 0);
	trigger_alloc(&self, 64);
	trigger_alloc(&self, 64);
	assert_in_range(served(HOOKS, &due), 1, FEW);
	assert_int_equal(due, 0);
}

/* Disabled by gordian_disable(). */
static void turned_off(void **state)
{
	int due;

	(void)state;
	begin(1000, 1, 10000);
	trigger_off = true;
	assert_in_range(served(HOOKS, &due), 0, FEW);
	trigger_off = false;
	assert_int_equal(due, 0);
}

/* Each is due until it is made: tried once a tick of the clock. */
static void tried_in_vain(void **state)
{
	int due, times;

	(void)state;
	begin(1000, 0, 10000);
	times = served(HOOKS, &due);
	assert_in_range(times, 1, FEW);
	assert_in_range(due, 1, times);
}

static void child_at_work(void **state)
{
	int due, times;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		pause();
		_exit(0);
	}
	begin(1000, 0, 10000);
	shared_memory()->scan++;
	reap_begin(pid, 0);
	assert_true(reap_is_at_work());
	times = served(HOOKS, &due);
	assert_in_range(times, 1, FEW);
	assert_int_equal(due, 0);

	kill(pid, SIGKILL);
	while (reap_is_at_work())
		sys_pause_us(100);
	shared_memory()->done = shared_memory()->scan;
	sys_pause_us(20000);
	served(1000, &due);
	assert_int_not_equal(due, 0);
	assert_true(reap_is_there());
	assert_true(reap(false));
	assert_false(reap_is_there());
	assert_int_equal(waitpid(pid, NULL, WNOHANG), -1);
}

/* What a scan of one block costs is not what each block costs. */
static void few_blocks_scanned(void **state)
{
	uint64_t now = budget_now_us();
	int i;

	(void)state;
	self = (struct thread){0};
	config.interval_us = 1000;
	config.budget = 10000;
	trigger_init();
	trigger_alloc(&self, 64);
	tally_flush(&self.tally);
	trigger_scanned(TRIGGER_INTERVAL);
	budget_charge(now, 4000);
	for (i = 0; i < 400000; i++)
		tally_alloc(&self.tally, 64);
	tally_flush(&self.tally);
	assert_true(trigger_is_affordable());
	for (i = 0; i < 400000; i++)
		tally_free(&self.tally, 64);
	tally_flush(&self.tally);
}

/* Rarely called hooks look each time. */
static void slow_hooks(void **state)
{
	int due, n;

	(void)state;
	begin(1000, 0, 10000);
	served(HOOKS / 10, &due); /* fast ones before */
	trigger_scanned(TRIGGER_INTERVAL);
	served(100, &due);
	for (n = 0; n < 200 && !due; n++) {
		sys_pause_us(10000);
		served(1, &due);
	}
	assert_int_equal(due, 1);
	for (n = 0; n < 200; n++) {
		trigger_scanned(TRIGGER_INTERVAL);
		sys_pause_us(15000);
		served(1, &due);
		if (due)
			return;
	}
	fail();
}

/* What could not be made is left alone for a while. */
static void postponed(void **state)
{
	(void)state;
	begin(1000, 0, 10000);
	trigger_postpone();
	assert_int_equal(trigger_due(), -1);
}

static int setup(void **state)
{
	(void)state;
	return shared_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interval_without_budget),
		cmocka_unit_test(threshold_without_budget),
		cmocka_unit_test(turned_off),
		cmocka_unit_test(tried_in_vain),
		cmocka_unit_test(child_at_work),
		cmocka_unit_test(few_blocks_scanned),
		cmocka_unit_test(slow_hooks),
		cmocka_unit_test(postponed),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
