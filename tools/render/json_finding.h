/*
 * A finding in the JSON report, as doc/report.schema.json describes it.
 */
#ifndef JSON_FINDING_H
#define JSON_FINDING_H

#include <jansson.h>

struct finding;
struct report;

/* The caller owns it. */
json_t *finding_json(struct report *report, const struct finding *finding);

#endif
