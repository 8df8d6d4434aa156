/*
 * See arrange.h.
 */
#include <string.h>

#include "meaning/arrange.h"
#include "meaning/blocks.h"
#include "model/memory.h"
#include "model/model.h"

struct order {
	struct blocks *blocks;
	size_t *member; /* at a place */
	size_t *place;	/* of a member */
	size_t n;
};

static void order_add(struct order *order, size_t member)
{
	if (order->place[member] != NOBODY)
		return;
	order->place[member] = order->n;
	order->member[order->n++] = member;
}

/* The ring begins at what the cut leads to, so that the cut is its last edge.
 */
static void order_make(struct order *order)
{
	const struct blocks *blocks = order->blocks;
	const struct finding *finding = blocks->finding;
	size_t i, k;

	for (i = 0; i < blocks->n; i++)
		order->place[i] = NOBODY;
	for (i = 0; i < finding->ring_n; i++)
		order_add(order, finding->edges[finding->ring[i]].from);
	if (finding->kind != KIND_CYCLE && blocks->n)
		order_add(order, finding->head);
	for (i = 0; i < blocks->n; i++)
		if (!block_is_part(blocks, i))
			order_add(order, i);
	for (k = 0; k < blocks->n && k < order->n; k++)
		for (i = 0; i < blocks->n; i++)
			if (blocks->owner[i] == order->member[k])
				order_add(order, i);
}

static void members_move(const struct order *order)
{
	struct blocks *blocks = order->blocks;
	struct finding *finding = blocks->finding;
	struct member *members =
		report_take(blocks->report, blocks->n, sizeof(*members));
	size_t i, from;

	finding->objects_n = 0;
	for (i = 0; i < blocks->n; i++) {
		from = order->member[i];
		members[i] = finding->members[from];
		members[i].part_of = -1;
		if (block_is_part(blocks, from))
			members[i].part_of =
				(long)order->place[blocks->owner[from]];
		else
			finding->objects_n++;
	}
	finding->members = members;
}

static void edge_move(const struct order *order, struct edge *edge)
{
	size_t i, *via;

	edge->from = order->place[edge->from];
	edge->to = order->place[edge->to];
	if (!edge->via_n)
		return;
	via = report_take(order->blocks->report, edge->via_n, sizeof(*via));
	for (i = 0; i < edge->via_n; i++)
		via[i] = order->place[edge->via[i]];
	edge->via = via;
}

/* It leads to or through what the head keeps. */
static bool is_kept(const struct edge *edge)
{
	return edge->from || edge->to || edge->via_n;
}

/* Of what is no cycle only edges of the head to itself are among members. They
 * come first; the others are kept. */
static void edges_split(struct blocks *blocks)
{
	struct finding *finding = blocks->finding;
	size_t e, n = 0, all = finding->edges_n;
	struct edge *edges =
		report_take(blocks->report, all + 1, sizeof(*edges));
	int kept;

	for (kept = 0; kept < 2; kept++) {
		for (e = 0; e < all; e++)
			if (is_kept(&finding->edges[e]) == kept)
				edges[n++] = finding->edges[e];
		if (!kept)
			finding->edges_n = n;
	}
	finding->edges = edges;
	finding->kept_edges_n = all - finding->edges_n;
	finding->kept_n = blocks->n - 1;
	finding->members_n = finding->members_total = 1;
	finding->objects_n = 1;
	finding->cut = -1;
	finding->cut_reason = NULL;
}

/* Those of members that are still there. */
static void acquires_move(const struct order *order)
{
	struct finding *finding = order->blocks->finding;
	size_t i, n = 0, place;

	for (i = 0; i < finding->acquires_n; i++) {
		place = order->place[finding->acquires[i].member];
		if (place >= finding->members_n)
			continue;
		finding->acquires[n] = finding->acquires[i];
		finding->acquires[n++].member = place;
	}
	finding->acquires_n = n;
}

void members_arrange(struct blocks *blocks)
{
	struct finding *finding = blocks->finding;
	struct order order = {.blocks = blocks};
	size_t i;

	if (!blocks->n)
		return;
	order.member = blocks_take(blocks, blocks->n, sizeof(size_t));
	order.place = blocks_take(blocks, blocks->n, sizeof(size_t));
	order_make(&order);
	members_move(&order);
	for (i = 0; i < finding->edges_n; i++)
		edge_move(&order, &finding->edges[i]);
	for (i = 0; i < finding->words_n; i++)
		edge_move(&order, &finding->words[i]);
	finding->head = order.place[finding->head];
	if (finding->kind != KIND_CYCLE)
		edges_split(blocks);
	acquires_move(&order);
}
