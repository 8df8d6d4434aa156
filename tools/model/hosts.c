/*
 * See hosts.h. A name is kept once, with room to count in.
 */
#include <stdlib.h>
#include <string.h>

#include "model/hosts.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/witness.h"

struct host {
	const char *name;
	uint64_t count; /* while those of a finding are counted */
	UT_hash_handle hh;
};

struct host *host_of(struct report *report, const char *name)
{
	struct host *host;

	if (!name || !*name)
		return NULL;
	HASH_FIND_STR(report->hosts, name, host);
	if (host)
		return host;
	host = report_take(report, 1, sizeof(*host));
	host->name = name;
	HASH_ADD_KEYPTR(hh, report->hosts, name, strlen(name), host);
	return host;
}

void hosts_free(struct report *report)
{
	HASH_CLEAR(hh, report->hosts);
}

const char *program_host(const struct program *program)
{
	return program->host ? program->host->name : NULL;
}

size_t hosts_count(const struct report *report)
{
	return HASH_COUNT(report->hosts);
}

static int by_count(const void *a, const void *b)
{
	const struct host_count *x = a, *y = b;

	if (!x->name || !y->name)
		return !x->name - !y->name;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Takes what was counted of the host, if anything was. */
static size_t count_take(struct host_count *to, const char *name,
			 uint64_t *count)
{
	if (!*count)
		return 0;
	*to = (struct host_count){name, *count};
	*count = 0;
	return 1;
}

const struct host_count *finding_hosts(struct report *report,
				       const struct finding *finding, size_t *n)
{
	const struct witness **list, **at;
	struct host_count *counts;
	uint64_t unknown = 0;
	size_t all, used = 0;

	list = finding_witnesses(report, finding, &all);
	for (at = list; at < list + all; at++)
		*((*at)->program->host ? &(*at)->program->host->count
				       : &unknown) += (*at)->count;
	counts = report_take(report, all + 1, sizeof(*counts));
	for (at = list; at < list + all; at++) {
		struct host *host = (*at)->program->host;

		if (host)
			used += count_take(counts + used, host->name,
					   &host->count);
	}
	used += count_take(counts + used, NULL, &unknown);
	qsort(counts, used, sizeof(*counts), by_count);
	*n = used;
	return counts;
}
