/*
 * See meaning.h.
 */
#include "meaning/advice.h"
#include "meaning/arrange.h"
#include "meaning/blocks.h"
#include "meaning/cause.h"
#include "meaning/choice.h"
#include "meaning/lost.h"
#include "meaning/meaning.h"
#include "meaning/objects.h"
#include "meaning/origin.h"
#include "meaning/ownership.h"
#include "meaning/parts.h"
#include "meaning/smart.h"
#include "meaning/threads.h"
#include "meaning/title.h"
#include "meaning/undecided.h"
#include "model/model.h"

/* Where the counts of the cut were taken; not where those of other members
 * were. */
static void acquires_choose(struct finding *finding)
{
	size_t i, n = 0;

	if (finding->kind != KIND_CYCLE || finding->cut < 0)
		return;
	for (i = 0; i < finding->acquires_n; i++)
		if (finding->acquires[i].member ==
		    finding->edges[finding->cut].to)
			finding->acquires[n++] = finding->acquires[i];
	finding->acquires_n = n;
}

/* An edge that owns nothing is of the kind that never does. */
static void kinds_settle(struct finding *finding)
{
	size_t e, n = finding->edges_n + finding->kept_edges_n;

	for (e = 0; e < n; e++)
		if (finding->edges[e].ownership == OWN_WEAK)
			finding->edges[e].kind = "weak";
}

static void blocks_mean(struct blocks *blocks)
{
	enum kind kind = blocks->finding->kind;

	controls_find(blocks);
	pairs_find(blocks);
	undecided_look(blocks);
	parts_find(blocks);
	ownership_find(blocks);
	objects_join(blocks);
	borrowed_find(blocks);
	cause_find(blocks);
	cut_find(blocks);
	members_arrange(blocks);
	kinds_settle(blocks->finding);
	if (kind == KIND_CYCLE && blocks->finding->kind == KIND_LOST)
		lost_settle(blocks);
}

void finding_mean(struct report *report, struct finding *finding)
{
	struct blocks blocks;

	if (finding->members_n) {
		blocks_open(&blocks, report, finding);
		blocks_mean(&blocks);
		blocks_close(&blocks);
	}
	undecided_settle(finding);
	acquires_choose(finding);
	finding->cut_advice = cut_advise(report, finding);
	finding->title = finding_title(report, finding);
	finding->origin = finding_origin(report, finding);
	threads_find(report, finding);
}

void report_mean(struct report *report)
{
	struct finding *finding;

	for (finding = report->findings; finding; finding = finding->hh.next)
		finding_mean(report, finding);
	undecided_drop(report);
	lost_drop(report);
}
