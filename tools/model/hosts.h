/*
 * The machines on which the programs of a report ran.
 */
#ifndef HOSTS_H
#define HOSTS_H

#include <stddef.h>
#include <stdint.h>

struct finding;
struct host;
struct program;
struct report;

/* Instances of a finding on one host. */
struct host_count {
	const char *name; /* NULL: those whose host is not known */
	uint64_t count;
};

/* The host of that name, which is in the report's memory. NULL, of NULL and "".
 */
struct host *host_of(struct report *report, const char *name);
/* The name of the program's host, or NULL. */
const char *program_host(const struct program *program);
/* How many hosts are known. */
size_t hosts_count(const struct report *report);
/* Those that have the finding, by count, the largest first, and by name; what
 * is not known last. In the report's memory. Of one that is gone, those that
 * had it. */
const struct host_count *
finding_hosts(struct report *report, const struct finding *finding, size_t *n);
void hosts_free(struct report *report);

#endif
