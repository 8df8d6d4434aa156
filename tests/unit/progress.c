/* What is shown of long work, by a clock that the test moves. */
#include <fcntl.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "common/die.h"
#include "common/progress.h"

static time_t seconds = 5;

int clock_gettime(clockid_t clock, struct timespec *now)
{
	(void)clock;
	now->tv_sec = seconds;
	now->tv_nsec = 0;
	return 0;
}

/* Does three steps, a second each; text is what the other end saw. */
static void work(int end, int other, char *text, size_t room)
{
	int kept = dup(STDERR_FILENO), i;
	size_t length = 0;
	ssize_t n;

	assert_true(kept >= 0);
	dup2(end, STDERR_FILENO);
	progress_begin("looking up names", 3, "findings");
	progress_tick();
	progress_step();
	for (i = 0; i < 2; i++) {
		seconds++;
		progress_step();
	}
	progress_end();
	dup2(kept, STDERR_FILENO);
	close(kept);
	fcntl(other, F_SETFL, O_NONBLOCK);
	while (length + 1 < room &&
	       (n = read(other, text + length, room - length - 1)) > 0)
		length += (size_t)n;
	text[length] = '\0';
}

static void terminal(void **state)
{
	int end, other;
	char text[500];

	(void)state;
	if (openpty(&other, &end, NULL, NULL, NULL))
		skip();
	work(end, other, text, sizeof(text));
	assert_null(strstr(text, "0 of 3"));
	assert_null(strstr(text, "1 of 3"));
	assert_non_null(strstr(text, "looking up names, 2 of 3 findings"));
	assert_non_null(strstr(text, "3 of 3"));
	assert_string_equal(text + strlen(text) - 4, "\r\033[K");
	/* the next work of a command that has taken long is shown at once */
	work(end, other, text, sizeof(text));
	assert_non_null(strstr(text, "0 of 3"));
	messages_quiet = true;
	work(end, other, text, sizeof(text));
	messages_quiet = false;
	assert_string_equal(text, "");
	close(end);
	close(other);
}

static void no_terminal(void **state)
{
	char text[500];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	work(ends[1], ends[0], text, sizeof(text));
	assert_string_equal(text, "");
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terminal),
		cmocka_unit_test(no_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
