/*
 * The verb `report`.
 */
#ifndef REPORT_H
#define REPORT_H

#include "cli/verb.h"

extern const struct verb verb_report;

#endif
