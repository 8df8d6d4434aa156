/*
 * See sarif.h. The limits are those that GitHub states for uploads.
 */
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "forms/sarif.h"
#include "forms/repository.h"
#include "forms/said.h"
#include "forms/spot.h"
#include "model/kinds.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/json_value.h"
#include "render/makers.h"
#include "render/names.h"
#include "render/order.h"
#include "render/page.h"

#define RESULTS_MOST 25000
#define STEPS_MOST 1000
#define RELATED_MOST 999 /* of 1,000 locations one is the result's own */
#define SCHEMA                                                                \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/" \
	"sarif-schema-2.1.0.json"

static const struct rule {
	const char *name, *brief, *full;
} rules[] = {
	[KIND_CYCLE] = {"ReferenceCycle",
			"Objects that hold each other are never freed.",
			"Each object of the ring has a reference from another "
			"one, and nothing else leads to them. Their counts "
			"never reach zero. Make one of the references weak, or "
			"give it up before the last outside reference goes."},
	[KIND_LOST] = {"LostBlock", "A block that nothing leads to.",
		       "No pointer to the block, or to what holds it, is left "
		       "in the program. It can never be freed."},
	[KIND_EXCESS_REF] = {"ExcessReference",
			     "A count is higher than the references that there "
			     "are.",
			     "Somebody took a reference and did not give it "
			     "back. The object's count never reaches zero."},
};

static json_t *message(const char *text)
{
	return json_pack("{s:o}", "text", text_json(text));
}

static json_t *rules_json(void)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:o, s:o, s:{s:s}}", "id",
				  kind_words[i].word, "name", rules[i].name,
				  "shortDescription", message(rules[i].brief),
				  "fullDescription", message(rules[i].full),
				  "defaultConfiguration", "level", "error"));
	return list;
}

/* A path as a URI: what is no unreserved character is written by its bytes. */
static json_t *uri_json(const char *path)
{
	static const char digits[] = "0123456789ABCDEF";
	char *uri = malloc(3 * strlen(path) + 1), *to = uri;
	json_t *value;

	if (!uri)
		return json_null();
	for (; *path; path++) {
		unsigned char byte = (unsigned char)*path;

		if (byte < 0x80 && (isalnum(byte) || strchr("-._~/", byte))) {
			*to++ = (char)byte;
			continue;
		}
		*to++ = '%';
		*to++ = digits[byte >> 4];
		*to++ = digits[byte & 15];
	}
	*to = '\0';
	value = json_string(uri);
	free(uri);
	return value;
}

static json_t *physical_json(const struct spot *spot)
{
	json_t *artifact = json_pack("{s:o}", "uri", uri_json(spot->path));
	json_t *place = json_pack("{s:o}", "artifactLocation", artifact);
	json_t *region;

	if (spot->inside)
		json_object_set_new(artifact, "uriBaseId",
				    json_string("SRCROOT"));
	if (spot->line) {
		region = json_pack("{s:i}", "startLine", spot->line);
		if (spot->column)
			json_object_set_new(region, "startColumn",
					    json_integer(spot->column));
		json_object_set_new(place, "region", region);
	}
	return place;
}

/* With a message, or without when that is NULL. */
static json_t *location_json(struct report *report, const struct stack *stack,
			     const char *text)
{
	struct spot spot = stack_spot(report, stack);
	json_t *location = json_object();

	if (spot.path)
		json_object_set_new(location, "physicalLocation",
				    physical_json(&spot));
	if (spot.function)
		json_object_set_new(location, "logicalLocations",
				    json_pack("[{s:o, s:s}]",
					      "fullyQualifiedName",
					      text_json(spot.function), "kind",
					      "function"));
	if (text)
		json_object_set_new(location, "message", message(text));
	return location;
}

/* "Club.members[1] → Member", at the place where the Club was allocated. */
static json_t *step_json(struct report *report, const struct finding *finding,
			 const struct edge *edge)
{
	const struct member *from = &finding->members[edge->from];
	const struct member *to = &finding->members[edge->to];
	bool is_cut = edge_is_cut(finding, edge);
	const char *text =
		text_print(report, "%s%s → %s%s", member_label(report, from),
			   edge_field(report, edge), member_label(report, to),
			   is_cut ? " (the reference to cut)" : "");

	return json_pack("{s:o, s:s}", "location",
			 location_json(report, from->stack, text), "importance",
			 is_cut ? "essential" : "important");
}

static void ring_add(struct report *report, json_t *result,
		     const struct finding *finding)
{
	json_t *steps = json_array();
	size_t i;

	for (i = 0; i < finding->ring_n && i < STEPS_MOST; i++)
		json_array_append_new(
			steps, step_json(report, finding,
					 &finding->edges[finding->ring[i]]));
	json_object_set_new(
		result, "codeFlows",
		json_pack("[{s:[{s:o}]}]", "threadFlows", "locations", steps));
}

static const struct stack *cut_stack(const struct finding *finding)
{
	return finding->cut >= 0 ? finding->edges[finding->cut].stack : NULL;
}

static size_t acquires_shown(const struct finding *finding)
{
	size_t most = RELATED_MOST - (cut_stack(finding) ? 1 : 0);

	return finding->acquires_n < most ? finding->acquires_n : most;
}

static const char *result_said(struct report *report,
			       const struct finding *finding)
{
	size_t more = finding->acquires_n - acquires_shown(finding);
	const char *said = finding_said(report, finding);

	if (!more)
		return said;
	return text_print(
		report, "%s References were taken at %s.", said,
		text_plural(report, more, "more place", "more places"));
}

/* Where references were taken: of the cut, and those that were not given
 * back. */
static json_t *related_json(struct report *report,
			    const struct finding *finding)
{
	json_t *list = json_array();
	const struct stack *cut = cut_stack(finding);
	size_t i;

	if (cut)
		json_array_append_new(
			list,
			location_json(report, cut,
				      "the reference to cut was taken here"));
	for (i = 0; i < acquires_shown(finding); i++)
		json_array_append_new(
			list, location_json(report, finding->acquires[i].stack,
					    "a reference was taken here"));
	return list;
}

static json_t *result_json(struct report *report, const struct finding *finding)
{
	static const char *const levels[] = {
		[CERTAIN] = "error",
		[LIKELY] = "warning",
	};
	const struct sums *sums = &finding->sums;
	json_t *result = json_pack(
		"{s:s, s:i, s:s, s:o, s:{s:o}}", "ruleId",
		kind_words[finding->kind].word, "ruleIndex", (int)finding->kind,
		"level", levels[finding->confidence], "message",
		message(result_said(report, finding)), "partialFingerprints",
		"gordian/v1", text_json(finding->id));
	json_t *related = related_json(report, finding);

	if (finding->members_n)
		json_object_set_new(
			result, "locations",
			json_pack("[o]",
				  location_json(
					  report,
					  finding->members[finding->head].stack,
					  NULL)));
	if (finding->ring_n)
		ring_add(report, result, finding);
	if (json_array_size(related))
		json_object_set(result, "relatedLocations", related);
	json_decref(related);
	json_object_set_new(
		result, "properties",
		json_pack("{s:s, s:o, s:o, s:o, s:o}", "confidence",
			  confidence_words[finding->confidence], "count",
			  number_json(sums->count), "bytes",
			  number_json(sums->bytes), "retainedBytes",
			  number_json(sums->retained_bytes), "retainedBlocks",
			  number_json(sums->retained_blocks)));
	return result;
}

static json_t *results_json(struct report *report)
{
	struct order order = order_alarms(report);
	json_t *list = json_array();
	size_t i;

	left_out(order.n, "SARIF", RESULTS_MOST);
	for (i = 0; i < order.n && i < RESULTS_MOST; i++)
		json_array_append_new(
			list, result_json(report, order.list[i].finding));
	free(order.list);
	return list;
}

static void notices_add(struct report *report, json_t *list,
			const struct text *text, const char *level)
{
	for (; text; text = text->next)
		json_array_append_new(
			list, json_pack("{s:s, s:o}", "level", level, "message",
					message(warning_text(report, text))));
}

/* What is unknown fails the run: an empty list of results is no proof then. */
static json_t *invocation_json(struct report *report)
{
	json_t *notices = json_array();

	notices_add(report, notices, report->unknown, "error");
	notices_add(report, notices, report->warnings, "warning");
	return json_pack("{s:b, s:o}", "executionSuccessful", !report->unknown,
			 "toolExecutionNotifications", notices);
}

void sarif_print(struct report *report, FILE *out)
{
	json_t *driver =
		json_pack("{s:s, s:s, s:o}", "name", "Gordian", "version",
			  PACKAGE_VERSION, "rules", rules_json());
	const char *top = text_print(report, "%s/", repository_top());
	json_t *base = json_pack("{s:o}", "uri", uri_json(top));
	json_t *run = json_pack(
		"{s:{s:o}, s:{s:o}, s:[o], s:o}", "tool", "driver", driver,
		"originalUriBaseIds", "SRCROOT", base, "invocations",
		invocation_json(report), "results", results_json(report));

	json_object_set_new(
		base, "uri",
		json_string(text_print(
			report, "file://%s",
			json_string_value(json_object_get(base, "uri")))));
	json_print(out, json_pack("{s:s, s:s, s:[o]}", "$schema", SCHEMA,
				  "version", "2.1.0", "runs", run));
	fputc('\n', out);
}
