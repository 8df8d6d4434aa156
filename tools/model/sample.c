/*
 * See sample.h. As in record.c, what is missing or of another type is left out.
 */
#include "model/lookup.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/record.h"
#include "model/sample.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* As the library writes. */
#define MEMBERS_MAX 100
#define COUNTS_MAX 64
#define POINTS_MAX 8

static struct stack none;

/* "0x" and what can be an address, or NULL. */
static const char *address_take(struct report *report, const json_t *entry)
{
	const char *address = record_string(report, entry, "address");

	if (!address || strncmp(address, "0x", 2) || !address[2] ||
	    address[2 + strspn(address + 2, "0123456789abcdef")])
		return NULL;
	return address;
}

static void resources_take(struct report *report, struct member *member,
			   const json_t *entry)
{
	const json_t *list = json_object_get(entry, "resources");
	size_t i;

	member->resources =
		report_take(report, json_array_size(list), sizeof(char *));
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *value = json_array_get(list, i);

		if (json_is_string(value))
			member->resources[member->resources_n++] =
				report_name(report, json_string_value(value),
					    json_string_length(value));
	}
}

/* Whether the value is the offset of so many bytes of the member. */
static bool is_offset(const json_t *value, const struct member *member,
		      uint64_t bytes)
{
	return json_is_integer(value) && json_integer_value(value) >= 0 &&
	       member->size >= bytes &&
	       (uint64_t)json_integer_value(value) <= member->size - bytes;
}

static void counts_take(struct report *report, struct member *member,
			const json_t *entry)
{
	const json_t *list = json_object_get(entry, "counts");
	const json_t *values = json_object_get(entry, "values");
	size_t i, n = json_array_size(list);
	uint64_t *counts, *value;

	n = n < COUNTS_MAX ? n : COUNTS_MAX;
	counts = report_take(report, n, sizeof(*counts));
	value = report_take(report, n, sizeof(*value));
	for (i = 0; i < n; i++) {
		const json_t *offset = json_array_get(list, i);

		if (!is_offset(offset, member, 4))
			continue;
		value[member->counts_n] =
			(uint64_t)json_integer_value(json_array_get(values, i));
		counts[member->counts_n++] =
			(uint64_t)json_integer_value(offset);
	}
	member->counts = counts;
	member->count_values = value;
}

/* Also the vtable, which stands apart in the record. */
static void points_take(struct report *report, struct member *member,
			const json_t *entry, const struct lookup *lookup)
{
	const json_t *list = json_object_get(entry, "points");
	size_t i, n = json_array_size(list);
	struct pointer_out *points;

	n = n < POINTS_MAX ? n : POINTS_MAX;
	points = report_take(report, n + 1, sizeof(*points));
	if (member->has_vtable)
		points[member->points_n++].to = member->vtable;
	for (i = 0; i < n; i++) {
		const json_t *pair = json_array_get(list, i);
		const json_t *offset = json_array_get(pair, 0);
		struct pointer_out *point = &points[member->points_n];

		if (!is_offset(offset, member, 8) ||
		    !frame_take(json_array_get(pair, 1), lookup, &point->to))
			continue;
		point->offset = (uint64_t)json_integer_value(offset);
		member->points_n++;
	}
	member->points = points;
}

static void member_take(struct report *report, struct member *member,
			const json_t *entry, const struct lookup *lookup)
{
	const json_t *count = json_object_get(entry, "refcount");

	member->size = record_number(entry, "size");
	member->address = address_take(report, entry);
	member->stack = stack_at(entry, lookup);
	if (!member->stack)
		member->stack = &none;
	member->has_vtable = frame_take(json_object_get(entry, "vtable"),
					lookup, &member->vtable);
	member->type = record_string(report, entry, "type");
	member->runtime = record_string(report, entry, "runtime");
	member->undecided = json_is_true(json_object_get(entry, "undecided"));
	if (member->type) {
		member->type_from =
			member->runtime ? TYPE_FROM_RUNTIME : TYPE_FROM_MACRO;
		member->type_sure = true;
	}
	member->finalizer = record_string(report, entry, "finalizer");
	member->has_count = json_is_integer(count);
	member->count = json_integer_value(count);
	resources_take(report, member, entry);
	member->rtti = record_string(report, entry, "rtti");
	member->in_degree = record_number(entry, "in");
	member->since = record_number(entry, "since");
	member->epoch = record_number(entry, "epoch");
	counts_take(report, member, entry);
	points_take(report, member, entry, lookup);
}

/* An index; SIZE_MAX, which is no member, when it is missing. */
static size_t index_take(const json_t *entry, const char *key)
{
	const json_t *value = json_object_get(entry, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return SIZE_MAX;
	return (size_t)json_integer_value(value);
}

/* Of what a runtime told to be part of another member. */
static void owners_take(struct finding *finding, const json_t *list)
{
	size_t i;

	for (i = 0; i < finding->members_n; i++) {
		const json_t *entry = json_array_get(list, i);
		size_t owner = index_take(entry, "part_of");

		if (owner >= finding->members_n || owner == i)
			continue;
		finding->members[i].is_told_part = true;
		finding->members[i].part_of = (long)owner;
	}
}

static void members_take(struct report *report, struct finding *finding,
			 const json_t *record, const struct lookup *lookup)
{
	const json_t *list = json_object_get(record, "members");
	const json_t *kept = json_object_get(record, "kept");
	size_t i, all = json_array_size(list);

	finding->members_n = all < MEMBERS_MAX ? all : MEMBERS_MAX;
	finding->kept_n = all && all <= MEMBERS_MAX ? json_array_size(kept) : 0;
	if (finding->kept_n > MEMBERS_MAX)
		finding->kept_n = MEMBERS_MAX;
	finding->members =
		report_take(report, finding->members_n + finding->kept_n,
			    sizeof(*finding->members));
	for (i = 0; i < finding->members_n; i++)
		member_take(report, &finding->members[i],
			    json_array_get(list, i), lookup);
	for (i = 0; i < finding->kept_n; i++)
		member_take(report, &finding->members[finding->members_n + i],
			    json_array_get(kept, i), lookup);
	owners_take(finding, list);
	finding->members_total = record_number(record, "members_total");
	if (finding->members_total < all)
		finding->members_total = all;
}

static const char *edge_kind(const json_t *entry)
{
	const char *kind = json_string_value(json_object_get(entry, "kind"));

	if (kind && !strcmp(kind, "interior"))
		return "interior";
	return kind && !strcmp(kind, "weak") ? "weak" : "strong";
}

/* Whether the edge leads from and to something that is shown, and whether it
 * is among members, as is asked for. */
static bool edge_is(const struct finding *finding, const struct edge *edge,
		    bool among)
{
	size_t shown = finding->members_n + finding->kept_n;

	return edge->from < shown && edge->to < shown &&
	       (edge->from < finding->members_n &&
		edge->to < finding->members_n) == among;
}

static void edge_take(struct report *report, const struct finding *finding,
		      const json_t *entry, const struct lookup *lookup,
		      struct edge *edge)
{
	edge->offset = json_integer_value(json_object_get(entry, "offset"));
	edge->kind = edge_kind(entry);
	edge->field = record_string(report, entry, "field");
	edge->stack = stack_at(entry, lookup);
	edge->into = record_number(entry, "into");
	edge->is_link = json_is_true(json_object_get(entry, "link"));
	if (edge->into > finding->members[edge->to].size)
		edge->into = 0;
}

/* Adds the edges that are among members, or the others, from `to` on. Returns
 * how many. cut: the edge to cut, by its number in the record; it becomes
 * finding->cut. */
static size_t edges_add(struct report *report, struct finding *finding,
			const json_t *list, const struct lookup *lookup,
			bool among, json_int_t cut, struct edge *to)
{
	size_t i, n = 0;

	for (i = 0; i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);

		to[n].from = index_take(entry, "from");
		to[n].to = index_take(entry, "to");
		if (!edge_is(finding, &to[n], among))
			continue;
		if (among && (json_int_t)i == cut)
			finding->cut = (long)n;
		edge_take(report, finding, entry, lookup, &to[n++]);
	}
	return n;
}

/* Fills finding->cut, too. In the record it counts all edges, also those that
 * we drop. */
static void edges_take(struct report *report, struct finding *finding,
		       const json_t *record, const struct lookup *lookup)
{
	const json_t *list = json_object_get(record, "edges");
	const json_t *cut = json_object_get(record, "cut");
	const json_t *at = json_object_get(cut, "edge");
	json_int_t n = json_is_integer(at) ? json_integer_value(at) : -1;

	finding->cut = -1;
	/* one more: where the next would be is written to */
	finding->edges = report_take(report, json_array_size(list) + 1,
				     sizeof(*finding->edges));
	finding->edges_n = edges_add(report, finding, list, lookup, true, n,
				     finding->edges);
	finding->kept_edges_n =
		edges_add(report, finding, list, lookup, false, -1,
			  finding->edges + finding->edges_n);
	finding->cut_reason = record_string(report, cut, "reason");
}

static void acquires_take(struct report *report, struct finding *finding,
			  const json_t *record, const struct lookup *lookup)
{
	const json_t *list = json_object_get(record, "acquires");
	const json_t *references = json_object_get(record, "references");
	size_t i;

	finding->references = -1;
	if (json_is_integer(references) && json_integer_value(references) >= 0)
		finding->references = json_integer_value(references);
	finding->acquires = report_take(report, json_array_size(list),
					sizeof(struct acquire));
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);
		struct acquire *acquire =
			&finding->acquires[finding->acquires_n];

		acquire->count = record_number(entry, "count");
		acquire->member = (size_t)record_number(entry, "member");
		acquire->stack = stack_at(entry, lookup);
		if (!acquire->stack)
			acquire->stack = &none;
		finding->acquires_n +=
			acquire->count && acquire->member < finding->members_n;
	}
}

void sample_take(struct report *report, struct finding *finding,
		 const json_t *record)
{
	struct lookup lookup = {0};

	stacks_take(report, record, &lookup);
	members_take(report, finding, record, &lookup);
	edges_take(report, finding, record, &lookup);
	acquires_take(report, finding, record, &lookup);
	finding->held_by = record_string(report, record, "held_by");
	finding->because = record_string(report, record, "because");
	finding->sampled = report->programs_n;
}
