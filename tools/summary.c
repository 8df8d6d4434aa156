/*
 * What can only be said once all files have been read: the order of the
 * findings, which of them is nested in which, and the sums over all.
 */
#include <string.h>

#include "model.h"

/* Suspects last; largest first; the id decides, so that the order is the same
 * from run to run. */
static int by_weight(const struct finding *a, const struct finding *b)
{
	uint64_t x = a->sums.bytes + a->sums.retained_bytes;
	uint64_t y = b->sums.bytes + b->sums.retained_bytes;
	bool s = a->confidence == SUSPECT, t = b->confidence == SUSPECT;

	if (s != t)
		return s - t;
	if (x != y)
		return x < y ? 1 : -1;
	return strcmp(a->id, b->id);
}

void report_finish(struct report *report)
{
	struct finding *finding, *inner;
	size_t i;

	for (finding = report->findings; finding; finding = finding->hh.next)
		for (i = 0; i < finding->nested_n; i++) {
			HASH_FIND_STR(report->findings, finding->nested[i],
				      inner);
			if (inner && inner != finding)
				inner->is_nested = true;
		}
	HASH_SORT(report->findings, by_weight);
}

/* bytes are those of all members. What the outermost findings retain holds
 * the members of the nested ones as well; without these, bytes and
 * retained_bytes together count every block once. */
struct summary report_summary(const struct report *report)
{
	struct summary sum = {0};
	const struct finding *finding;
	uint64_t retained = 0, inner = 0;

	for (finding = report->findings; finding; finding = finding->hh.next) {
		if (finding->confidence == SUSPECT) {
			sum.suspects++;
			continue;
		}
		sum.findings++;
		sum.cycles += finding->kind == KIND_CYCLE;
		sum.lost += finding->kind == KIND_LOST;
		sum.excess_refs += finding->kind == KIND_EXCESS_REF;
		sum.bytes += finding->sums.bytes;
		if (finding->is_nested)
			inner += finding->sums.bytes;
		else
			retained += finding->sums.retained_bytes;
	}
	sum.retained_bytes = retained > inner ? retained - inner : 0;
	return sum;
}
