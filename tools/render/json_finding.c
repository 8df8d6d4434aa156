/*
 * See json_finding.h.
 */
#include <jansson.h>
#include <stdlib.h>

#include "common/text.h"
#include "model/hosts.h"
#include "model/kinds.h"
#include "model/model.h"
#include "model/witness.h"
#include "render/json_finding.h"
#include "render/json_value.h"

static const char *const type_from_words[] = {
	[TYPE_FROM_NOTHING] = NULL,	   [TYPE_FROM_MACRO] = "macro",
	[TYPE_FROM_RUNTIME] = "runtime",   [TYPE_FROM_VTABLE] = "vtable",
	[TYPE_FROM_TEMPLATE] = "template", [TYPE_FROM_DEBUG] = "debug",
	[TYPE_FROM_EDGE] = "edge",	   [TYPE_FROM_PART] = "part",
};

static const char *const ownership_words[] = {
	[OWN_UNKNOWN] = "unknown",   [OWN_COUNTED] = "counted",
	[OWN_UNIQUE] = "unique",     [OWN_WEAK] = "weak",
	[OWN_BORROWED] = "borrowed",
};

static const char *const cause_words[] = {
	[CAUSE_UNKNOWN] = "unknown",
	[CAUSE_CYCLE] = "cycle",
	[CAUSE_UNRELEASED] = "unreleased",
};

static json_t *resources_json(const struct member *member)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < member->resources_n; i++)
		json_array_append_new(list, text_json(member->resources[i]));
	return list;
}

/* The stack that an earlier member in list has already, or NULL. */
static json_t *stack_shared(const struct finding *finding, const json_t *list,
			    size_t member)
{
	size_t i;

	for (i = 0; i < member; i++)
		if (finding->members[i].stack == finding->members[member].stack)
			return json_incref(json_object_get(
				json_array_get(list, i), "stack"));
	return NULL;
}

static json_t *member_json(const struct member *member, json_t *stack)
{
	json_t *entry = json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "type",
		text_json(member->type), "size", number_json(member->size),
		"address", text_json(member->address), "refcount",
		member->has_count ? json_integer(member->count) : json_null(),
		"finalizer", text_json(member->finalizer), "resources",
		resources_json(member), "stack", stack);

	json_object_set_new(entry, "type_from",
			    text_json(type_from_words[member->type_from]));
	json_object_set_new(entry, "type_sure",
			    json_boolean(member->type && member->type_sure));
	json_object_set_new(entry, "runtime", text_json(member->runtime));
	json_object_set_new(entry, "part_of",
			    member->part_of < 0
				    ? json_null()
				    : json_integer(member->part_of));
	return entry;
}

static json_t *members_json(const struct finding *finding)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < finding->members_n; i++) {
		const struct member *member = &finding->members[i];
		json_t *stack = stack_shared(finding, list, i);

		json_array_append_new(
			list,
			member_json(member,
				    stack ? stack : stack_json(member->stack)));
	}
	return list;
}

static json_t *edges_json(const struct finding *finding)
{
	json_t *list = json_array(), *entry;
	size_t i;

	for (i = 0; i < finding->edges_n; i++) {
		const struct edge *edge = &finding->edges[i];

		entry = json_pack(
			"{s:o, s:o, s:I, s:o, s:s, s:o}", "from",
			number_json(edge->from), "to", number_json(edge->to),
			"offset", (json_int_t)edge->offset, "field",
			text_json(edge->field), "kind", edge->kind, "stack",
			edge->stack ? stack_json(edge->stack) : json_null());
		json_object_set_new(
			entry, "ownership",
			json_string(ownership_words[edge->ownership]));
		json_object_set_new(entry, "via",
				    indices_json(edge->via, edge->via_n));
		json_array_append_new(list, entry);
	}
	return list;
}

static json_t *acquires_json(const struct finding *finding)
{
	json_t *list = json_array(), *entry;
	size_t i;

	for (i = 0; i < finding->acquires_n; i++) {
		const struct acquire *acquire = &finding->acquires[i];

		entry = json_pack("{s:o, s:o, s:o}", "member",
				  number_json(acquire->member), "count",
				  number_json(acquire->count), "stack",
				  stack_json(acquire->stack));
		json_array_append_new(list, entry);
	}
	return list;
}

static json_t *nested_json(const struct finding *finding)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < finding->nested_n; i++)
		json_array_append_new(list, text_json(finding->nested[i]));
	return list;
}

static json_t *cut_json(const struct finding *finding)
{
	const char *reason = finding->cut_reason;

	if (finding->cut < 0)
		return json_null();
	return json_pack("{s:I, s:o, s:o}", "edge", (json_int_t)finding->cut,
			 "reason", text_json(reason ? reason : ""), "advice",
			 text_json(finding->cut_advice));
}

/* What is there for some findings only. */
static void rest_add(json_t *object, const struct report *report,
		     const struct finding *finding)
{
	if (finding->members_total > finding->members_n)
		json_object_set_new(object, "members_total",
				    number_json(finding->members_total));
	if (finding->references >= 0)
		json_object_set_new(object, "references",
				    json_integer(finding->references));
	if (finding->gone)
		json_object_set_new(object, "gone", json_true());
	if (finding->pending)
		json_object_set_new(object, "pending", json_true());
	if (report->since)
		json_object_set_new(object, "earlier",
				    number_json(finding->earlier));
	if (finding->baseline)
		json_object_set_new(object, "baseline",
				    number_json(finding->baseline));
	if (finding->came_back)
		json_object_set_new(object, "came_back", json_true());
	if (finding->because)
		json_object_set_new(object, "because",
				    text_json(finding->because));
	if (finding->held_by)
		json_object_set_new(object, "held_by",
				    text_json(finding->held_by));
}

static void figures_add(json_t *object, const struct finding *finding)
{
	const struct sums *sums = &finding->sums;

	json_object_set_new(object, "count", number_json(sums->count));
	json_object_set_new(object, "bytes", number_json(sums->bytes));
	json_object_set_new(object, "retained_bytes",
			    number_json(sums->retained_bytes));
	json_object_set_new(object, "retained_blocks",
			    number_json(sums->retained_blocks));
	json_object_set_new(object, "first_scan",
			    number_json(finding->first_scan));
	json_object_set_new(object, "last_scan",
			    number_json(finding->last_scan));
}

/* The processes that have a finding. */
static json_t *pids_json(struct report *report, const struct finding *finding)
{
	const struct program **programs;
	json_t *list = json_array();
	size_t n, i;

	programs = finding_programs(report, finding, &n);
	for (i = 0; i < n; i++)
		json_array_append_new(list, json_integer(programs[i]->pid));
	return list;
}

/* How many instances each host has. */
static json_t *hosts_json(struct report *report, const struct finding *finding)
{
	const struct host_count *hosts;
	json_t *object = json_object();
	char *name;
	size_t n, i;

	hosts = finding_hosts(report, finding, &n);
	for (i = 0; i < n && hosts[i].name; i++) {
		name = text_clean(hosts[i].name);
		if (name)
			json_object_set_new(object, name,
					    number_json(hosts[i].count));
		free(name);
	}
	return object;
}

static json_t *thread_json(const struct thread *thread)
{
	if (thread->is_main)
		return json_string("main");
	return text_json(thread->symbol->function);
}

static json_t *threads_json(const struct finding *finding)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < finding->threads_n; i++)
		json_array_append_new(list, thread_json(&finding->threads[i]));
	return list;
}

json_t *finding_json(struct report *report, const struct finding *finding)
{
	json_t *head =
		finding->members_n ? number_json(finding->head) : json_null();
	json_t *object = json_pack(
		"{s:o, s:s, s:s, s:o, s:s, s:o, s:o}", "id",
		text_json(finding->id), "kind", kind_words[finding->kind].word,
		"confidence", confidence_words[finding->confidence], "title",
		text_json(finding->title), "cause", cause_words[finding->cause],
		"origin", text_json(finding->origin), "head", head);

	figures_add(object, finding);
	json_object_set_new(object, "members", members_json(finding));
	json_object_set_new(object, "edges", edges_json(finding));
	json_object_set_new(object, "ring",
			    indices_json(finding->ring, finding->ring_n));
	json_object_set_new(object, "acquires", acquires_json(finding));
	json_object_set_new(object, "cut", cut_json(finding));
	json_object_set_new(object, "nested", nested_json(finding));
	json_object_set_new(object, "pids", pids_json(report, finding));
	json_object_set_new(object, "hosts", hosts_json(report, finding));
	json_object_set_new(object, "threads", threads_json(finding));
	rest_add(object, report, finding);
	return object;
}
