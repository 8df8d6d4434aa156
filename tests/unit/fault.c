/* Faults are survived in memory that is being read, and there alone: each in a
 * child, which tells of the others before it ends. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "process/real.h"
#include "scan/fault.h"

#define PAGE 4096ul

static struct fault *told;
static char *page; /* without access, between two that have it */

static int setup(void **state)
{
	(void)state;
	real_init();
	told = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	page = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (told == MAP_FAILED || page == MAP_FAILED)
		return 1;
	memset(page, 5, 3 * PAGE);
	page += PAGE;
	return mprotect(page, PAGE, PROT_NONE);
}

/* The child's exit status, or the negative signal. */
static int end_of(void (*f)(void))
{
	int status;
	pid_t pid;

	*told = (struct fault){0};
	pid = fork();
	if (!pid) {
		fault_survive(told);
		f();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static bool is_in(void (*f)(void), uintptr_t code)
{
	return code - (uintptr_t)f < 256;
}

static void copy_what_is_there(void)
{
	char got[10];

	fault_copy(got, (uintptr_t)page - 5, sizeof got);
	if (memcmp(got, "\5\5\5\5\5\0\0\0\0\0", 10))
		_exit(1);
	fault_copy(got, (uintptr_t)page + PAGE - 5, sizeof got);
	if (memcmp(got, "\0\0\0\0\0\5\5\5\5\5", 10))
		_exit(2);
	if (page[7]) /* it stays so */
		_exit(3);
}

static void copy_nonsense(void)
{
	static const uintptr_t nowhere[] = {
		0, 8, 1ul << 46, (1ul << 47) - 4, 1ul << 47, 1ul << 63, -4ul};
	unsigned i;
	long got;

	for (i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
		got = 1;
		fault_copy(&got, nowhere[i], sizeof got);
		if (got)
			_exit(1 + i);
	}
}

static void copy_what_is_skipped(void)
{
	char got[3 * PAGE];
	unsigned i;

	if (mprotect(page, PAGE, PROT_READ) ||
	    !fault_skip((uintptr_t)page + 8, (uintptr_t)page + 16) ||
	    !fault_skip((uintptr_t)page + 24, (uintptr_t)page + PAGE + 1))
		_exit(99);
	fault_copy(got, (uintptr_t)page - PAGE, sizeof got);
	for (i = 0; i < 3 * PAGE; i++) {
		unsigned at = i - PAGE;
		bool skipped =
			(at >= 8 && at < 16) || (at >= 24 && at < PAGE + 1);

		if (got[i] != (skipped ? 0 : 5))
			_exit(1);
	}
}

static void survived(void **state)
{
	(void)state;
	assert_int_equal(end_of(copy_what_is_there), 0);
	assert_int_equal(end_of(copy_nonsense), 0);
	assert_int_equal(end_of(copy_what_is_skipped), 0);
	assert_int_equal(told->signal, 0);
}

static void read_it(void)
{
	*(volatile char *)(page + 10);
}

static void write_it(void)
{
	*(volatile char *)(page + 11) = 1;
}

static void read_nowhere(void)
{
	*(volatile char *)(1ul << 63);
}

static void trap(void)
{
	__builtin_trap();
}

static void expect(void (*f)(void), int signal, enum fault_how how,
		   char *address)
{
	assert_int_equal(end_of(f), FAULT_STATUS);
	assert_int_equal(told->signal, signal);
	assert_int_equal(told->how, how);
	assert_true(is_in(f, told->code));
	assert_int_equal(told->address, address);
}

static void mistakes(void **state)
{
	(void)state;
	expect(read_it, SIGSEGV, FAULT_READ, page + 10);
	expect(write_it, SIGSEGV, FAULT_WRITE, page + 11);
	expect(read_nowhere, SIGSEGV, FAULT_OTHER, NULL);
	expect(trap, SIGILL, FAULT_OTHER, NULL);
}

static void get_killed(void)
{
	kill(getpid(), SIGBUS);
}

static void signals_of_others(void **state)
{
	(void)state;
	assert_int_equal(end_of(get_killed), FAULT_STATUS);
	assert_int_equal(told->signal, SIGBUS);
	assert_int_equal(told->code, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(survived),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(signals_of_others),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
