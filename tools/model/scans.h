/*
 * The scans of a report, kept in few bytes.
 */
#ifndef SCANS_H
#define SCANS_H

#include <jansson.h>
#include "model/model.h"

/* The scan of a record, of the last program. */
struct figures figures_take(const json_t *record);
struct scan *scan_take(struct report *report, const json_t *record,
		       const struct figures *figures);
struct figures scan_figures(const struct scan *scan);
void triggers_free(struct report *report);

#endif
