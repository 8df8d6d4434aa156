/*
 * See processes.h. A process id tells nothing where there are several hosts:
 * these are named in its place.
 */
#include <string.h>

#include "model/hosts.h"
#include "model/model.h"
#include "model/witness.h"
#include "render/page.h"
#include "render/processes.h"

#define PIDS_MAX 4
#define HOSTS_MAX 4

static const char *program_name(const struct program *program)
{
	const char *path = program->exe && *program->exe ? program->exe
			   : program->argc		 ? program->argv[0]
							 : "?";
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void program_print(const struct page *page,
			  const struct program *program)
{
	fprintf(page->out, "%lld (", (long long)program->pid);
	page_text(page, program_name(program));
	fputc(')', page->out);
}

/* "4711 (server), 4712 (worker) and 3 more" */
static void programs_print(const struct page *page,
			   const struct program **programs, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < PIDS_MAX; i++) {
		fputs(i ? ", " : "", page->out);
		program_print(page, programs[i]);
	}
	if (i < n)
		fprintf(page->out, " and %s more",
			text_number(page->report, n - i));
}

static uint64_t counts_sum(const struct host_count *at,
			   const struct host_count *end)
{
	uint64_t sum = 0;

	for (; at < end; at++)
		sum += at->count;
	return sum;
}

/* "12 instances on web1, 3 on web2 and 5 elsewhere" */
static void hosts_print(const struct page *page, const struct host_count *hosts,
			size_t n)
{
	size_t i;

	for (i = 0; i < n && i < HOSTS_MAX && hosts[i].name; i++) {
		fprintf(page->out, "%s%s on ", i ? ", " : "",
			i ? text_number(page->report, hosts[i].count)
			  : text_plural(page->report, hosts[i].count,
					"instance", "instances"));
		page_text(page, hosts[i].name);
	}
	if (i < n)
		fprintf(page->out, " and %s elsewhere",
			text_number(page->report,
				    counts_sum(hosts + i, hosts + n)));
}

/* "process 4711 (server)", "3 processes" */
static void number_print(const struct page *page,
			 const struct program **programs, size_t n)
{
	if (n != 1) {
		fputs(text_plural(page->report, n, "process", "processes"),
		      page->out);
		return;
	}
	fputs("process ", page->out);
	program_print(page, programs[0]);
}

void processes_print(const struct page *page, const struct finding *finding)
{
	const struct program **programs;
	const struct host_count *hosts;
	size_t n, hosts_n;

	if (page->report->programs_n < 2)
		return;
	programs = finding_programs(page->report, finding, &n);
	hosts = finding_hosts(page->report, finding, &hosts_n);
	page_line(page, 4);
	fputs("in ", page->out);
	number_print(page, programs, n);
	if (hosts_count(page->report) > 1 && hosts_n && hosts->name) {
		fputs(": ", page->out);
		hosts_print(page, hosts, hosts_n);
	} else if (n != 1) {
		fputs(": ", page->out);
		programs_print(page, programs, n);
	}
	fputc('\n', page->out);
}
