/*
 * What can only be said once all files have been read: the order of the
 * findings, which of them is nested in which, and the sums over all.
 */
#include <string.h>

#include "model/record.h"

/* Alarms, suspects, what is gone; largest first; the id decides, so that the
 * order is the same from run to run. */
static int by_weight(const struct finding *a, const struct finding *b)
{
	uint64_t x = a->sums.bytes + a->sums.retained_bytes;
	uint64_t y = b->sums.bytes + b->sums.retained_bytes;
	int s = a->gone ? 2 : a->confidence == SUSPECT;
	int t = b->gone ? 2 : b->confidence == SUSPECT;

	if (s != t)
		return s - t;
	if (x != y)
		return x < y ? 1 : -1;
	return strcmp(a->id, b->id);
}

struct executable {
	const char *path;
	UT_hash_handle hh;
};

static void executables_mark(struct report *report)
{
	struct executable *all = NULL, *one;
	const struct program *program;
	struct module *module;

	for (program = report->programs; program; program = program->next) {
		if (!program->exe)
			continue;
		HASH_FIND_STR(all, program->exe, one);
		if (one)
			continue;
		one = report_take(report, 1, sizeof(*one));
		one->path = program->exe;
		HASH_ADD_KEYPTR(hh, all, one->path, strlen(one->path), one);
	}
	for (module = report->modules; module; module = module->hh.next) {
		HASH_FIND_STR(all, module->path, one);
		module->is_executable = one != NULL;
	}
	HASH_CLEAR(hh, all);
}

#define UNWOUND_MIN 1000

/* Said only where it costs: as of each program's last scan. */
static void slow_stacks_tell(struct report *report)
{
	const struct scan *scan;
	struct figures figures;
	uint64_t stacks = 0, unwound = 0;

	for (scan = report->scans; scan; scan = scan->next) {
		if (scan->next && scan->next->program == scan->program)
			continue;
		figures = scan_figures(scan);
		stacks += figures.stacks;
		unwound += figures.stacks_unwound;
	}
	if (unwound >= UNWOUND_MIN && unwound * 100 >= stacks)
		report_warn(report,
			    "%llu %% of the stacks needed libunwind, which is "
			    "slow: there is code without unwind information",
			    (unsigned long long)(unwound * 100 / stacks));
}

void report_finish(struct report *report)
{
	struct finding *finding, *inner;
	size_t i;

	executables_mark(report);
	sightings_settle(report);
	for (finding = report->findings; finding; finding = finding->hh.next)
		for (i = 0; i < finding->nested_n; i++) {
			HASH_FIND_STR(report->findings, finding->nested[i],
				      inner);
			if (inner && inner != finding &&
			    finding->gone <= inner->gone)
				inner->is_nested = true;
		}
	HASH_SORT(report->findings, by_weight);
	if (!report->is_part)
		account_finish(report);
	slow_stacks_tell(report);
}

/* All that hangs on a finding's outermost instances. Without the program's word
 * for it, a finding is taken to be nested with all its instances or with none.
 */
static uint64_t outer_bytes(const struct finding *finding)
{
	if (!finding->sums.outer_unknown)
		return finding->sums.outer_bytes;
	if (finding->is_nested)
		return 0;
	return finding->sums.bytes + finding->sums.retained_bytes;
}

/* bytes are those of all members; with retained_bytes they count each block
 * once, which the findings' own retained_bytes do not: those of a holder hold
 * the members of what is nested in it. */
struct summary report_summary(const struct report *report)
{
	struct summary sum = {0};
	const struct finding *finding;
	uint64_t all = 0;

	for (finding = report->findings; finding; finding = finding->hh.next) {
		sum.gone += finding->gone;
		sum.came_back += finding->came_back;
		sum.suspects +=
			!finding->gone && finding->confidence == SUSPECT;
		if (!finding_is_alarm(finding))
			continue;
		sum.findings++;
		sum.cycles += finding->kind == KIND_CYCLE;
		sum.lost += finding->kind == KIND_LOST;
		sum.excess_refs += finding->kind == KIND_EXCESS_REF;
		sum.bytes += finding->sums.bytes;
		all += outer_bytes(finding);
	}
	sum.retained_bytes = all > sum.bytes ? all - sum.bytes : 0;
	return sum;
}
