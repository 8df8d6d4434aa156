/* Lines are written whole, and notes only where standard error still is. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/out.h"

static void write_all(void **state)
{
	static char big[100000], got[100000];
	int ends[2], n, fd;
	size_t all = 0;

	(void)state;
	errno = 77;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(out_line(ends[1], "abc", 3), 0);
	assert_int_equal(out_line(ends[1], "abc", 0), 0);
	assert_int_equal(read(ends[0], got, sizeof got), 3);
	assert_memory_equal(got, "abc", 3);
	memset(big, 'b', sizeof big);
	if (!fork()) {
		out_line(ends[1], big, sizeof big); /* more than it holds */
		_exit(0);
	}
	close(ends[1]);
	while ((n = read(ends[0], got + all, sizeof got - all)) > 0)
		all += n;
	assert_int_equal(all, sizeof big);
	assert_memory_equal(got, big, sizeof big);
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	assert_int_equal(out_line(ends[1], "x", 1), -EPIPE);
	assert_int_equal(out_line(-1, "x", 1), -EBADF);
	fd = open("/dev/full", O_WRONLY);
	if (fd >= 0)
		assert_int_equal(out_line(fd, "x", 1), -ENOSPC);
}

/* Only while descriptor 2 is what it was. */
static void notes(void **state)
{
	static char text[3000], got[3000];
	int ends[2], others[2], saved = dup(2), i, n[3];

	(void)state;
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	assert_int_equal(pipe2(others, O_NONBLOCK), 0);
	memset(text, 'n', sizeof text - 1);
	dup2(ends[1], 2);
	out_init();
	for (i = 0; i < 3; i++) {
		dup2(i == 2 ? others[1] : ends[1], 2);
		out_note(i == 1 ? text : "no memory");
		n[i] = read(i == 2 ? others[0] : ends[0], got, sizeof got);
		if (i < 2 && (n[i] < 11 || memcmp(got, "gordian: n", 10) ||
			      got[n[i] - 1] != '\n'))
			n[i] = -2;
	}
	dup2(saved, 2);
	assert_int_equal(n[0], 19);
	assert_int_equal(n[1], 1023);
	assert_int_equal(n[2], -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(write_all),
		cmocka_unit_test(notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
