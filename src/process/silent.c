/*
 * See silent.h.
 */
#include <string.h>
#include "base/large.h"
#include "base/text.h"
#include "process/helper.h"
#include "process/silent.h"
#include "process/task.h"

#define LATE_MAX 16
#define EXEMPT_MAX 1024

static struct late {
	int32_t tid;
	struct task task;
} lates[LATE_MAX] LARGE;
static struct exempt {
	int32_t tid;
	bool helper; /* runs no code just now; otherwise it never will */
	uint64_t switches;
} exempts[EXEMPT_MAX] LARGE;
static uint32_t late_n, exempt_n;
static int signal; /* that stops threads */

static uint64_t mask(void)
{
	return 1ull << (signal - 1);
}

void silent_forked(void)
{
	late_n = 0;
	exempt_n = 0;
}

void silent_anew(void)
{
	late_n = 0;
}

static bool runs_no_code(const struct task *task)
{
	return task->worker || task->state == 'Z' || task->state == 'X';
}

/* False for a thread that is to be waited for. */
static bool make_exempt(int32_t tid, const struct task *task)
{
	bool helper = !runs_no_code(task);

	if ((helper && !helper_waits(tid, task, mask())) ||
	    exempt_n == EXEMPT_MAX)
		return false;
	exempts[exempt_n++] = (struct exempt){tid, helper, task->switches};
	return true;
}

bool silent_is_sure(void)
{
	struct task task;
	uint32_t i;

	for (i = 0; i < exempt_n; i++)
		if (exempts[i].helper &&
		    (!task_read(exempts[i].tid, &task) || task.state != 'S' ||
		     task.switches != exempts[i].switches))
			return false;
	return true;
}

bool silent_note(int32_t tid)
{
	struct task task;

	if (!task_read(tid, &task) || make_exempt(tid, &task))
		return false;
	if (!(task.pending & mask()))
		return true;
	if (late_n < LATE_MAX)
		lates[late_n++] = (struct late){tid, task};
	return false;
}

bool silent_is_exempt(int32_t tid)
{
	uint32_t i;

	for (i = 0; i < exempt_n && exempts[i].tid != tid; i++)
		;
	return i < exempt_n;
}

int silent_exempt(int most)
{
	uint32_t i;
	int n = 0;

	for (i = 0; i < exempt_n && n < most; i++)
		n += task_exists(exempts[i].tid);
	return n;
}

static bool cannot_answer(const struct task *task)
{
	return task->pending & mask() &&
	       (task->blocked & mask() || strchr("DTt", task->state));
}

/* Numbers of threads that run no code may have been given to others, and
 * threads that did not answer the last time may be able to now. */
bool silent_can_answer(int by)
{
	struct task task;
	uint32_t i, n = exempt_n;

	signal = by;
	exempt_n = 0;
	for (i = 0; i < n; i++)
		if (task_read(exempts[i].tid, &task))
			make_exempt(exempts[i].tid, &task);
	for (i = 0; i < late_n; i++)
		if (task_read(lates[i].tid, &lates[i].task) &&
		    cannot_answer(&lates[i].task) &&
		    !make_exempt(lates[i].tid, &lates[i].task))
			return false;
	return true;
}

void silent_explain(struct text *text)
{
	const struct late *late = lates;

	if (!late_n) {
		text_add(text, "a thread did not get to run in time");
		return;
	}
	text_add(text, "thread ");
	text_number(text, late->tid);
	text_add(text, " (");
	text_add(text, late->task.name);
	if (late->task.blocked & mask()) {
		text_add(text, ") blocks signal ");
		text_number(text, signal);
	} else if (late->task.state == 'T' || late->task.state == 't') {
		text_add(text, ") is stopped");
	} else if (late->task.state == 'R') {
		text_add(text, ") did not get to run in time");
	} else {
		text_add(text, ") waits in the kernel");
	}
}
