/*
 * See accepted.h. All files are read before anything is run.
 */
#include <stddef.h>

#include "cli/accepted.h"
#include "cli/verb.h"
#include "known/ledger.h"
#include "known/suppress.h"
#include "known/suppressions.h"

struct report;

struct accepted accepted_open(const struct settings *settings, int status)
{
	struct accepted accepted = {0};
	size_t i;

	for (i = 0; i < settings->suppressions_n; i++)
		suppressions_open(&accepted.suppressions,
				  settings->suppressions[i], status);
	accepted.has_baseline = settings->baseline;
	if (settings->baseline)
		accepted.baseline = ledger_open(settings->baseline, status);
	return accepted;
}

bool accepted_asks(const struct accepted *accepted)
{
	return accepted->suppressions.n || accepted->has_baseline;
}

void accepted_settle(struct accepted *accepted, struct report *report)
{
	report_suppress(report, &accepted->suppressions);
	suppressions_tell(&accepted->suppressions);
	if (accepted->has_baseline)
		report_settle(report, &accepted->baseline);
}

void accepted_close(struct accepted *accepted)
{
	suppressions_close(&accepted->suppressions);
	if (accepted->has_baseline)
		ledger_close(&accepted->baseline);
}
