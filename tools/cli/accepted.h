/*
 * What the user accepts: suppressions, and the findings of a baseline.
 */
#ifndef ACCEPTED_H
#define ACCEPTED_H

#include <stdbool.h>
#include "known/ledger.h"
#include "known/suppressions.h"

struct report;
struct settings;

struct accepted {
	struct suppressions suppressions;
	bool has_baseline;
	struct ledger baseline;
};

/* Reads the files that the options name. What is wrong with one ends the
 * command with that status. */
struct accepted accepted_open(const struct settings *settings, int status);
/* Whether a report has to be explained for it. */
bool accepted_asks(const struct accepted *accepted);
/* Takes it out of an explained report, and tells what was not used. */
void accepted_settle(struct accepted *accepted, struct report *report);
void accepted_close(struct accepted *accepted);

#endif
