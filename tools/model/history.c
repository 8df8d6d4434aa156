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
	if (history->n && history->moments[history->n - 1].scan >= moment->scan)
		history->n = 0; /* another program's */
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
