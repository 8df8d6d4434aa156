/*
 * Records → one report.
 */
#ifndef READER_H
#define READER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct report;

void program_read(struct report *report, const json_t *record);
/* Takes a record. *scan is the number of the scan that it closes, or 0. False
 * when it is no record, or says nothing. */
bool record_read(struct report *report, const json_t *record, uint64_t *scan);

#endif
