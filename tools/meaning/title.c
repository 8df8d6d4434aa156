/*
 * See title.h.
 */
#include <stdio.h>

#include "meaning/title.h"
#include "model/memory.h"
#include "model/model.h"

#define SHOWN_MAX 4 /* objects of a ring that are all named */

static void name_print(FILE *out, const struct member *member)
{
	if (member->type)
		fputs(member->type, out);
	else
		fprintf(out, "%llu bytes", (unsigned long long)member->size);
}

static void ring_print(FILE *out, const struct finding *finding)
{
	size_t i, n = finding->ring_n, from = 0;

	for (i = 0; i < n; i++) {
		from = finding->edges[finding->ring[i]].from;
		if (n > SHOWN_MAX && i == 2) {
			fprintf(out, "%zu more → ", n - 3);
			i = n - 1;
			from = finding->edges[finding->ring[i]].from;
		}
		name_print(out, &finding->members[from]);
		fputs(n == 2 && !i ? " ⇄ " : n == 2 ? "" : " → ", out);
	}
	from = finding->edges[finding->ring[0]].from;
	if (n != 2)
		name_print(out, &finding->members[from]);
}

const char *finding_title(struct report *report, const struct finding *finding)
{
	char *text = NULL;
	const char *title;
	size_t n = 0;
	FILE *out;

	if (!finding->members_n)
		return NULL;
	out = open_memstream(&text, &n);
	if (!out)
		return NULL;
	if (finding->ring_n)
		ring_print(out, finding);
	else
		name_print(out, &finding->members[finding->head]);
	fclose(out);
	title = text ? report_copy(report, text, n) : NULL;
	free(text);
	return title;
}
