/* Calls of the program's own code: what they may take, and how long the copy
 * that makes them lives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "scan/foreign.h"

#define MB (1l << 20)
#define SET_DISPATCH 59 /* PR_SET_SYSCALL_USER_DISPATCH */

static long grow(void *bytes)
{
	long end = syscall(SYS_brk, 0);

	return syscall(SYS_brk, end + (long)bytes);
}

/* The first call, as an allocator makes it that knows its end. */
static long grow_known(void *end)
{
	return syscall(SYS_brk, end);
}

/* In a process apart: the fence counts what all calls ask for. */
static int result_of(enum foreign (*calls)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(foreign_begin() ? 99 : (int)calls());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static enum foreign first_is_large(void)
{
	return foreign_call(grow_known, (char *)sbrk(0) + 65 * MB);
}

static enum foreign many_are_large(void)
{
	enum foreign how = FOREIGN_RETURNED;
	int i;

	for (i = 0; i < 5 && how == FOREIGN_RETURNED; i++)
		how = foreign_call(grow, (void *)(15 * MB));
	return how;
}

static enum foreign all_are_small(void)
{
	enum foreign how = foreign_call(grow, (void *)(15 * MB));

	return how ? how : foreign_call(grow, (void *)(-10 * MB));
}

static void heap_ends_early(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip(); /* before a jump it makes system calls of its own */
#endif
	if (prctl(SET_DISPATCH, 0, 0, 0, 0))
		skip(); /* the kernel knows no fence */
	assert_int_equal(result_of(first_is_large), FOREIGN_GREEDY);
	assert_int_equal(result_of(many_are_large), FOREIGN_GREEDY);
	assert_int_equal(result_of(all_are_small), FOREIGN_RETURNED);
}

static int ends[2];

static void tell_and_wait(void *data)
{
	(void)data;
	close(ends[0]);
	(void)!write(ends[1], "x", 1);
	alarm(60); /* if it is left */
	for (;;)
		pause();
}

/* The pipe has a writer as long as the copy lives. */
static void copy_ends_with_child(void **state)
{
	char c;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid)
		_exit(foreign_apart(tell_and_wait, NULL));
	close(ends[1]);
	assert_int_equal(read(ends[0], &c, 1), 1);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	alarm(30); /* if it does not end */
	assert_int_equal(read(ends[0], &c, 1), 0);
	alarm(0);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heap_ends_early),
		cmocka_unit_test(copy_ends_with_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
