/*
 * See progress.h. The clock is read, and the line written, a few times a
 * second at most.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "common/die.h"
#include "common/progress.h"

#define WAIT_MS 1000
#define PAUSE_MS 200

static struct {
	const char *what, *things;
	size_t steps, done;
	int64_t began_ms; /* all work of the command */
	int64_t next_ms;
	bool is_off;
} work;

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_begin(const char *what, size_t steps, const char *things)
{
	work.what = what;
	work.things = things;
	work.steps = steps;
	work.done = 0;
	work.is_off = messages_quiet || !isatty(STDERR_FILENO);
	if (!work.began_ms)
		work.began_ms = now_ms();
	work.next_ms = work.began_ms + WAIT_MS;
}

void progress_tick(void)
{
	int64_t now;

	if (work.is_off || !work.what)
		return;
	now = now_ms();
	if (now < work.next_ms)
		return;
	work.next_ms = now + PAUSE_MS;
	messages_over = true;
	fprintf(stderr, "\rgordian: %s, %zu of %zu %s\033[K", work.what,
		work.done, work.steps, work.things);
	fflush(stderr);
}

void progress_step(void)
{
	work.done++;
	progress_tick();
}

void progress_end(void)
{
	work.what = NULL;
	if (messages_over) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	messages_over = false;
}
