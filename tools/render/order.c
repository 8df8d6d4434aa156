/*
 * See order.h.
 */
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "model/model.h"
#include "render/order.h"

static void listed_add(struct order *order, const struct listed *listed)
{
	order->list[order->n++] = *listed;
	listed->finding->rank = order->n;
}

/* Adds a finding, then the findings nested in it, each where it is met first.
 * Nesting is as deep as the program made it: no recursion. */
static void tree_add(struct order *order, const struct report *report,
		     struct finding *finding, struct listed *todo)
{
	struct finding *inner;
	size_t n = 0, i;

	todo[n++] = (struct listed){.finding = finding};
	while (n) {
		struct listed top = todo[--n];

		if (top.finding->rank)
			continue;
		listed_add(order, &top);
		for (i = top.finding->nested_n; i-- > 0;) {
			HASH_FIND_STR(report->findings, top.finding->nested[i],
				      inner);
			if (inner && !inner->rank && finding_is_shown(inner))
				todo[n++] =
					(struct listed){.finding = inner,
							.holder = top.finding,
							.depth = top.depth + 1};
		}
	}
}

bool is_of_library(const struct finding *finding)
{
	return finding->origin && strcmp(finding->origin, "program") != 0;
}

/* Alarms of the program, then of libraries, then what is pending. */
static int part_of(const struct finding *finding)
{
	return finding->pending ? 2 : is_of_library(finding);
}

struct order order_make(struct report *report)
{
	struct finding *finding;
	struct listed *todo;
	struct order order = {0};
	size_t all = HASH_COUNT(report->findings), n = 1;
	int pass;

	for (finding = report->findings; finding; finding = finding->hh.next)
		n += finding->nested_n;
	order.list = calloc(all + 1, sizeof(*order.list));
	todo = calloc(n, sizeof(*todo));
	if (!order.list || !todo)
		die(STATUS_FAILED, "out of memory");
	/* two shapes may hold each other: then neither is outermost */
	for (pass = 0; pass < 6; pass++)
		for (finding = report->findings; finding;
		     finding = finding->hh.next)
			if (!finding->rank && finding_is_shown(finding) &&
			    finding->is_nested <= (pass & 1) &&
			    part_of(finding) == pass / 2)
				tree_add(&order, report, finding, todo);
	free(todo);
	return order;
}

struct order order_alarms(struct report *report)
{
	struct order order = order_make(report);
	size_t i, n = 0;

	for (i = 0; i < order.n; i++) {
		order.list[i].finding->rank = 0;
		if (!finding_is_alarm(order.list[i].finding))
			continue;
		order.list[n++] = order.list[i];
		order.list[n - 1].finding->rank = n;
	}
	order.n = n;
	return order;
}
