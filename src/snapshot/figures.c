/*
 * See figures.h.
 */
#include <sys/resource.h>
#include "base/arena.h"
#include "base/config.h"
#include "base/sys.h"
#include "heap/heap.h"
#include "process/park.h"
#include "process/thread.h"
#include "refs/refs.h"
#include "report/report.h"
#include "scan/blocks_build.h"
#include "snapshot/audit.h"
#include "snapshot/budget.h"
#include "snapshot/figures.h"
#include "snapshot/frozen.h"
#include "snapshot/shared.h"
#include "snapshot/triggers.h"
#include "stack/memo.h"

static void count_stacks(struct figures *figures)
{
	struct audit_counts audit = audit_counts();
	const struct thread *t;

	for (t = thread_first(); t; t = t->next) {
		if (!t->memo)
			continue;
		figures->walked += memo_counts(t->memo).walks;
		figures->unwound += memo_counts(t->memo).fallbacks;
	}
	figures->stacks = thread_captures();
	figures->checks_stacks = config.check_stacks;
	figures->checked = audit.checked;
	figures->different = audit.different;
}

static void count_cost(const struct snapshot *snapshot, struct figures *figures)
{
	struct shared *shared = snapshot->shared;
	struct rusage use;

	shared->copied = budget_copied(shared->faults);
	sys(SYS_getrusage, RUSAGE_SELF, &use);
	figures->pause_us = shared->pause_us;
	figures->copied_kb = shared->copied * 4;
	figures->cpu_us = budget_cpu_us(&use);
	figures->cost_us = budget_cost_us(figures->cpu_us, shared->pause_us,
					  shared->copied);
	figures->peak_kb = arena_peak() / 1024;
}

int figures_report(const struct snapshot *snapshot, uint32_t findings)
{
	struct figures figures = {
		.n = snapshot->n,
		.findings = findings,
		.objects = refs_objects_n(),
		.trigger = triggers_name(snapshot->trigger),
		.blocks = blocks.programs,
		.bytes = blocks.bytes,
		.spared = heap_spared,
	};

	park_list(&figures.stopped);
	count_cost(snapshot, &figures);
	count_stacks(&figures);
	return report_scan(&figures, &snapshot->shared->reported);
}
