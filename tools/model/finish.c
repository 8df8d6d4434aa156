/*
 * What can only be said once all files are read: the order of the findings, and
 * which of them is nested in which. Also the end of a report's memory.
 */
#include <string.h>
#include "model/account.h"
#include "model/finish.h"
#include "model/gone.h"
#include "model/growing.h"
#include "model/hosts.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/nested.h"
#include "model/scans.h"

enum weight { IS_ALARM, IS_PENDING, IS_KNOWN, IS_SUSPECT, IS_GONE };

static enum weight weight_of(const struct finding *finding)
{
	if (finding->gone)
		return IS_GONE;
	if (finding->confidence == SUSPECT)
		return IS_SUSPECT;
	if (finding->is_known)
		return IS_KNOWN;
	return finding->pending ? IS_PENDING : IS_ALARM;
}

/* By that, then the largest first. Among equals the id decides, so the order is
 * the same from run to run. */
static int by_weight(const struct finding *a, const struct finding *b)
{
	uint64_t x = a->sums.bytes + a->sums.retained_bytes;
	uint64_t y = b->sums.bytes + b->sums.retained_bytes;
	enum weight s = weight_of(a), t = weight_of(b);

	if (s != t)
		return s < t ? -1 : 1;
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

/* Said only where it costs time, as of each program's last scan. */
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

void findings_order(struct report *report)
{
	struct finding *finding, *inner;
	size_t i;

	for (finding = report->findings; finding; finding = finding->hh.next)
		finding->is_nested = false;
	for (finding = report->findings; finding; finding = finding->hh.next)
		for (i = 0; i < finding->nested_n; i++) {
			HASH_FIND_STR(report->findings, finding->nested[i],
				      inner);
			if (inner && inner != finding &&
			    finding->gone <= inner->gone)
				inner->is_nested = true;
		}
	HASH_SORT(report->findings, by_weight);
}

void report_finish(struct report *report)
{
	executables_mark(report);
	sightings_settle(report);
	growing_finish(report);
	findings_order(report);
	if (!report->is_part)
		account_finish(report);
	slow_stacks_tell(report);
}

void report_free(struct report *report)
{
	HASH_CLEAR(hh, report->findings);
	HASH_CLEAR(hh, report->modules);
	growing_free(report);
	triggers_free(report);
	relatives_free(report);
	hosts_free(report);
	nests_free(report);
	obstack_free(&report->memory, NULL);
	large_free(report);
	free(report);
}
