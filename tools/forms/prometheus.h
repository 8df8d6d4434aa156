/*
 * Prometheus' text, for a node exporter's textfile collector.
 */
#ifndef PROMETHEUS_H
#define PROMETHEUS_H

#include <stdio.h>

struct report;

void prometheus_print(struct report *report, FILE *out);

#endif
