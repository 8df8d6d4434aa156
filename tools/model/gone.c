/*
 * What a later scan no longer has. A scan lists all findings that it has, so
 * one that a program's last scan does not list is gone there. In a merged
 * report a finding is gone when it is so in all programs that had it. Otherwise
 * its sums are those of the programs that still have it. What an interpreter
 * had when it ended is final: nobody can tell afterwards.
 *
 * Memory that nothing reaches cannot be reached or freed again. So what was
 * unreached and is gone was in use all the time. Four kinds are left out: what
 * only counts prove dead, what a collector was about to free, what another
 * finding holds, and what the program itself spared between the two scans. A
 * program spares blocks by telling that they are no leaks, or by having cycles
 * broken. Each scan says how often that was done (spared).
 */
#include "model/gone.h"
#include "model/history.h"
#include "model/model.h"
#include "model/scans.h"
#include "model/witness.h"

void sums_add(struct sums *to, const struct sums *from)
{
	to->count += from->count;
	to->bytes += from->bytes;
	to->retained_bytes += from->retained_bytes;
	to->retained_blocks += from->retained_blocks;
	to->outer_bytes += from->outer_bytes;
	to->outer += from->outer;
	to->blocks += from->blocks;
	to->outer_unknown |= from->outer_unknown;
}

static bool was_wrong(const struct report *report,
		      const struct sighting *sighting)
{
	const struct scan *has = sighting->before, *had;

	if (sighting->confidence == SUSPECT || sighting->dead ||
	    sighting->pending ||
	    (sighting->confidence == LIKELY && !sighting->sums.outer_bytes))
		return false;
	had = has ? has->next : report->scans;
	if (had && scan_figures(had).n == sighting->scan) {
		has = had;
		had = had->next;
	}
	return had &&
	       scan_figures(had).spared == (has ? scan_figures(has).spared : 0);
}

/* Its program has said all of it. */
static void settle(struct report *report, struct finding *finding)
{
	const struct sighting *sighting = &finding->sighting;
	struct past *past = &finding->has;

	if (!sighting->program)
		return;
	if (sighting->scan < sighting->program->scans && !sighting->final) {
		past = &finding->had;
		finding->came_back |= was_wrong(report, sighting);
	}
	past->pending = sighting->pending && (!past->n || past->pending);
	if (!past->n++ || sighting->confidence < past->confidence)
		past->confidence = sighting->confidence;
	sums_add(&past->sums, &sighting->sums);
	witness_add(report, past, sighting->program, sighting->sums.count);
}

void sighting_add(struct report *report, struct finding *finding,
		  const struct sighting *sighting)
{
	struct program *program = report->program;
	const struct moment moment = {sighting->scan, sighting->sums.count,
				      sighting->sums.bytes};

	history_add(report, finding, &moment);
	if (finding->sighting.program != program)
		settle(report, finding);
	finding->sighting = *sighting;
	if (program->scan != sighting->scan)
		program->findings = 0;
	program->scan = sighting->scan;
	program->findings++;
}

void sightings_settle(struct report *report)
{
	struct finding *finding;

	for (finding = report->findings; finding; finding = finding->hh.next) {
		const struct past *past = &finding->has;

		settle(report, finding);
		finding->sighting.program = NULL;
		finding->gone = !past->n;
		finding->came_back &= finding->gone;
		if (finding->gone)
			past = &finding->had;
		finding->sums = past->sums;
		finding->witnesses = past->witnesses;
		finding->confidence = past->confidence;
		finding->pending = past->pending;
	}
}
