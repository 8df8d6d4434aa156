/*
 * The sums over all findings.
 */
#include "model/growing.h"
#include "model/model.h"
#include "model/summary.h"

/* All that hangs on a finding's outermost instances. If the program does not
 * tell, a finding is taken to be nested with all its instances or with none. */
static uint64_t outer_bytes(const struct finding *finding)
{
	if (!finding->sums.outer_unknown)
		return finding->sums.outer_bytes;
	if (finding->is_nested)
		return 0;
	return finding->sums.bytes + finding->sums.retained_bytes;
}

/* bytes are those of all members. Together with retained_bytes they count each
 * block once. The findings' own retained_bytes do not: a holder's include the
 * members of what is nested in it. */
struct summary report_summary(const struct report *report)
{
	struct summary sum = {
		.suppressed = report->suppressed,
		.growing_suppressed = report->growing_suppressed,
	};
	const struct finding *finding, *piece;
	uint64_t all = 0;

	for (finding = report->findings; finding; finding = finding->hh.next) {
		sum.gone += finding->gone;
		sum.gone_quietly += finding->gone && !finding_tells(finding);
		for (piece = finding; piece; piece = piece->next_piece)
			sum.came_back += piece->came_back;
		sum.suspects +=
			!finding->gone && finding->confidence == SUSPECT;
		sum.pending += finding->pending && finding_is_shown(finding);
		sum.baseline += finding->is_known;
		if (!finding_is_alarm(finding))
			continue;
		sum.findings++;
		sum.cycles += finding->kind == KIND_CYCLE;
		sum.lost += finding->kind == KIND_LOST;
		sum.excess_refs += finding->kind == KIND_EXCESS_REF;
		sum.bytes += finding->sums.bytes;
		all += outer_bytes(finding);
	}
	sum.growing = growing_new(report);
	sum.growing_baseline = growing_count(report) - sum.growing;
	sum.retained_bytes = all > sum.bytes ? all - sum.bytes : 0;
	return sum;
}

bool summary_is_empty(const struct summary *sum)
{
	return !sum->findings && !sum->suspects && !sum->pending &&
	       !sum->growing && sum->gone <= sum->gone_quietly;
}
