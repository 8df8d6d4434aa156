/*
 * See pause.h. Runs with the stop lock held and all signals blocked.
 */
#include <errno.h>
#include "base/sys.h"
#include "base/text.h"
#include "process/signals.h"
#include "process/silent.h"
#include "process/stop.h"
#include "process/task.h"
#include "report/warning.h"
#include "snapshot/pause.h"
#include "snapshot/warm.h"

#define TRIES 60 /* tries to stop the threads for a scan that must be made */
#define PUT_OFF_NS 5000000000ull
/* Scans are put off for so long, and more often than this, before it is said:
 * on a machine that has no time for the program, being put off says nothing. */
#define SILENCE_NS 1000000000ull
#define FEW 4

static bool told_missing;

static void say_late(const char *what)
{
	char line[200];
	struct text text = {line, sizeof line, 0};

	text_add(&text, what);
	silent_explain(&text);
	warning_add(line);
}

/* A scan that must be made is tried again, with pauses that grow. They grow
 * faster when a thread is known to be unable to answer. At last the scan goes
 * without. */
static int stop_all(bool must)
{
	int signal = signals_for_stop(task_is_traced());
	int tries, err;

	for (tries = 0;; tries += err == -EBUSY ? 5 : 1) {
		if (tries > TRIES)
			tries = TRIES;
		err = stop_threads(must && tries == TRIES, signal);
		if (!must || (err != -EAGAIN && err != -EBUSY))
			return err;
		sys_pause_us((tries + 1) * 500);
	}
}

/* Scans that were put off since a stop failed. A stop that failed has held
 * threads for a while. So the next try waits as long as stops have been
 * failing. */
static struct {
	uint64_t since, until; /* since when; 0: none; and the next try */
	uint32_t times;
	bool told;
} put_off;

static int put_off_now(int err)
{
	uint64_t now = sys_now_ns(), failing;

	if (err != -EAGAIN && err != -EBUSY)
		return err;
	if (!put_off.since) {
		put_off.since = now;
		put_off.times = 0;
	}
	put_off.times++;
	failing = now - put_off.since;
	if (err == -EAGAIN)
		put_off.until =
			now + (failing < PUT_OFF_NS ? failing : PUT_OFF_NS);
	if (failing > SILENCE_NS && put_off.times > FEW && !put_off.told) {
		put_off.told = true;
		say_late("scans are put off: ");
	}
	return -EAGAIN;
}

int pause_begin(bool must)
{
	int err;

	if (!must && put_off.since && sys_now_ns() < put_off.until)
		return -EAGAIN;
	warm_heap();
	err = stop_all(must);
	if (err) {
		task_close();
		return put_off_now(err);
	}
	put_off.since = 0;
	return 0;
}

void pause_tell(void)
{
	if (!stop_missing() || told_missing)
		return;
	told_missing = true;
	say_late("a scan was made while one thread went on: ");
}
