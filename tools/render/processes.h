/*
 * Which processes have a finding, in a report of several.
 */
#ifndef PROCESSES_H
#define PROCESSES_H

struct finding;
struct page;

/* A line; nothing where the report is of one process. */
void processes_print(const struct page *page, const struct finding *finding);

#endif
