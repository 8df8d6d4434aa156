/*
 * See history.h.
 */
#include <string.h>

#include "model/history.h"
#include "model/memory.h"
#include "model/model.h"

static void thin(struct history *history)
{
	size_t i;

	history->n /= 2;
	for (i = 0; i < history->n; i++)
		history->moments[i] = history->moments[2 * i + 1];
	history->stride *= 2;
	history->left = 0;
}

static void grow(struct report *report, struct history *history)
{
	struct moment *old = history->moments;

	history->room = history->room ? 4 * history->room : 4;
	history->moments =
		report_take(report, history->room, sizeof(*history->moments));
	if (history->n)
		memcpy(history->moments, old, history->n * sizeof(*old));
}

void history_add(struct report *report, struct finding *finding,
		 const struct moment *moment)
{
	struct history *history = finding->history;

	if (!history)
		history = finding->history =
			report_take(report, 1, sizeof(*history));
	if (history->program != report->program)
		history->n = 0;
	history->program = report->program;
	history->last = *moment;
	if (!history->n)
		history->stride = 1, history->left = 0;
	if (history->left) {
		history->left--;
		return;
	}
	if (history->n == HISTORY_MOST)
		thin(history);
	if (history->n == history->room)
		grow(report, history);
	history->moments[history->n++] = *moment;
	history->left = history->stride - 1;
}

size_t history_points(const struct history *history, struct moment *to)
{
	size_t n = history ? history->n : 0;

	if (!n)
		return 0;
	memcpy(to, history->moments, n * sizeof(*to));
	if (to[n - 1].scan < history->last.scan)
		to[n++] = history->last;
	return n;
}

/* Adds the sums of the last moment up to that scan. Before the first moment,
 * and after the last one, it adds nothing. */
static void moment_add(struct moment *to, const struct moment *points, size_t n)
{
	size_t i = 0;

	while (i < n && points[i].scan <= to->scan)
		i++;
	if (!i || (i == n && points[n - 1].scan < to->scan))
		return;
	to->count += points[i - 1].count;
	to->bytes += points[i - 1].bytes;
}

/* Adds up both at each scan that either has. */
static size_t points_join(const struct moment *a, size_t a_n,
			  const struct moment *b, size_t b_n, struct moment *to)
{
	size_t i = 0, j = 0, n = 0;
	uint64_t scan;

	while (i < a_n || j < b_n) {
		scan = j == b_n || (i < a_n && a[i].scan <= b[j].scan)
			       ? a[i].scan
			       : b[j].scan;
		i += i < a_n && a[i].scan == scan;
		j += j < b_n && b[j].scan == scan;
		to[n] = (struct moment){.scan = scan};
		moment_add(&to[n], a, a_n);
		moment_add(&to[n], b, b_n);
		n++;
	}
	return n;
}

void history_join(struct report *report, struct finding *to,
		  const struct finding *from)
{
	struct moment a[HISTORY_POINTS], b[HISTORY_POINTS];
	struct moment all[2 * HISTORY_POINTS];
	struct history *joined;
	size_t n, i, step = 1;

	if (!from->history || (to->history && to->program > from->program))
		return;
	if (!to->history || to->program < from->program) {
		to->history = from->history;
		to->program = from->program;
		return;
	}
	n = points_join(a, history_points(to->history, a), b,
			history_points(from->history, b), all);
	while (n / step > HISTORY_MOST)
		step++;
	joined = report_take(report, 1, sizeof(*joined));
	*joined = *to->history;
	joined->n = n / step;
	joined->moments = report_take(report, joined->n, sizeof(*all));
	for (i = 0; i < joined->n; i++)
		joined->moments[i] = all[(i + 1) * step - 1];
	joined->last = all[n - 1];
	to->history = joined;
}
