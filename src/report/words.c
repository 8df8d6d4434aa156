/*
 * See words.h.
 */
#include "graph/finding.h"
#include "report/words.h"

const char *const words_kind[] = {
	[FINDING_CYCLE] = "cycle",
	[FINDING_LOST] = "lost",
	[FINDING_EXCESS] = "excess-ref",
};

const char *const words_title[] = {
	[FINDING_CYCLE] = "CYCLE",
	[FINDING_LOST] = "LOST",
	[FINDING_EXCESS] = "EXCESS-REF",
};

const char *const words_confidence[] = {
	[CONFIDENCE_CERTAIN] = "certain",
	[CONFIDENCE_LIKELY] = "likely",
	[CONFIDENCE_SUSPECT] = "suspect",
};
