/*
 * Records of ends and of other processes, and what is not known.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <jansson.h>

struct report;

void end_read(struct report *report, const json_t *record);
void exec_read(struct report *report, const json_t *record);
void clean_read(struct report *report, const json_t *record);
/* The last program is one at which the user does not want to look. */
void aside_read(struct report *report);
void child_read(struct report *report, const json_t *record);
/* After the last file: fills report->unknown. */
void account_finish(struct report *report);
void relatives_free(struct report *report);

#endif
