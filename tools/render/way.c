/*
 * See way.h.
 */
#include <stdint.h>
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "render/way.h"

static struct way way_new(struct report *report, size_t n, bool is_round)
{
	return (struct way){n, report_take(report, n, sizeof(struct step)),
			    is_round};
}

/* The ring of the report, from behind the cut. */
static struct way ring_way(struct report *report, const struct finding *finding)
{
	struct way way = way_new(report, finding->ring_n, true);
	size_t i, start = 0;

	for (i = 0; i < way.n; i++)
		if ((long)finding->ring[i] == finding->cut)
			start = i + 1;
	for (i = 0; i < way.n; i++) {
		size_t at = finding->ring[(start + i) % way.n];

		way.steps[i].edge = &finding->edges[at];
		way.steps[i].member = finding->edges[at].from;
	}
	return way;
}

/* Fills by[member] with the edge by which a breadth-first search from start
 * came to it. */
static void search(struct report *report, const struct finding *finding,
		   size_t start, const struct edge **by)
{
	size_t *queue = report_take(report, finding->members_n, sizeof(*queue));
	size_t n = 0, done, i;

	queue[n++] = start;
	for (done = 0; done < n; done++) {
		for (i = 0; i < finding->edges_n; i++) {
			const struct edge *edge = &finding->edges[i];

			if (edge->from != queue[done] || by[edge->to] ||
			    edge->to == start || edge_is_weak(edge))
				continue;
			by[edge->to] = edge;
			queue[n++] = edge->to;
		}
	}
}

/* The shortest way round that ends with this edge; n is 0 when there is
 * none. */
static struct way way_through(struct report *report,
			      const struct finding *finding,
			      const struct edge *last)
{
	const struct edge **by =
		report_take(report, finding->members_n, sizeof(*by));
	struct way way;
	size_t at, n = 1;

	if (last->from != last->to) {
		search(report, finding, last->to, by);
		if (!by[last->from])
			return way_new(report, 0, false);
	}
	for (at = last->from; at != last->to; at = by[at]->from)
		n++;
	way = way_new(report, n, true);
	way.steps[--n] = (struct step){last->from, last};
	for (at = last->from; at != last->to; at = by[at]->from)
		way.steps[--n] = (struct step){by[at]->from, by[at]};
	return way;
}

static const struct edge *edge_between(const struct finding *finding,
				       size_t from, size_t to)
{
	size_t i;

	for (i = 0; i < finding->edges_n; i++)
		if (finding->edges[i].from == from &&
		    finding->edges[i].to == to &&
		    !edge_is_weak(&finding->edges[i]))
			return &finding->edges[i];
	return NULL;
}

/* All members, with the edges from each to the next that there are. */
static struct way list_way(struct report *report, const struct finding *finding)
{
	size_t n = finding->objects_n ? finding->objects_n : finding->members_n;
	bool all = finding->members_n == finding->members_total;
	struct way way = way_new(report, n, !all);
	size_t i;

	for (i = 0; i < n; i++) {
		way.steps[i].member = i;
		if (i + 1 < n)
			way.steps[i].edge = edge_between(finding, i, i + 1);
		else if (all)
			way.steps[i].edge = edge_between(finding, i, 0);
	}
	way.is_round |= n && way.steps[n - 1].edge;
	return way;
}

struct way way_find(struct report *report, const struct finding *finding)
{
	const struct edge *last;
	struct way way = {0};
	size_t i;

	if (finding->kind != KIND_CYCLE || !finding->members_n) {
		way = way_new(report, !!finding->members_n, false);
		if (way.n)
			way.steps[0].member = finding->head;
		return way;
	}
	if (finding->ring_n)
		return ring_way(report, finding);
	if (finding->cut >= 0)
		way = way_through(report, finding,
				  &finding->edges[finding->cut]);
	for (i = 0; !way.n && finding->cut < 0 && i < finding->members_n; i++) {
		last = edge_between(finding, i, 0);
		if (last)
			way = way_through(report, finding, last);
	}
	return way.n ? way : list_way(report, finding);
}
