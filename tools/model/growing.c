/*
 * See growing.h. Within one program a later record replaces the counts of an
 * earlier one, also of a scan that was cut short. The first path stays.
 */
#include <string.h>

#include "model/growing.h"
#include "model/lookup.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/path.h"
#include "model/record.h"

static struct stack none;

static struct growing *growing_of(struct report *report, const json_t *record)
{
	struct growing_key key = {
		.program = report->programs_n,
		.place = record_number(record, "place"),
	};
	struct growing *growing;

	HASH_FIND(hh, report->growing, &key, sizeof(key), growing);
	if (growing)
		return growing;
	growing = report_take(report, 1, sizeof(*growing));
	growing->key = key;
	growing->of = report->program;
	growing->stack = &none;
	HASH_ADD(hh, report->growing, key, sizeof(key), growing);
	return growing;
}

static void counts_take(struct growing *growing, const json_t *record)
{
	const json_t *list = json_object_get(record, "count");
	size_t n = json_array_size(list), i;

	growing->counts_n = n < GROWING_COUNTS ? n : GROWING_COUNTS;
	for (i = 0; i < growing->counts_n; i++) {
		json_int_t count = json_integer_value(
			json_array_get(list, n - growing->counts_n + i));

		growing->counts[i] = count > 0 ? (uint64_t)count : 0;
	}
}

static void stack_read(struct report *report, struct growing *growing,
		       const json_t *record)
{
	struct lookup lookup = {0};
	struct stack *stack;

	modules_take(report, record, &lookup);
	stacks_take(report, record, &lookup);
	stack = stack_at(record, &lookup);
	if (stack)
		growing->stack = stack;
}

bool growing_read(struct report *report, const json_t *record)
{
	struct growing *growing;

	if (!record_number(record, "place") || !record_number(record, "scan"))
		return false;
	report->told++;
	growing = growing_of(report, record);
	growing->scan = record_number(record, "scan");
	counts_take(growing, record);
	growing->bytes = record_number(record, "bytes");
	if (!growing->stack->n)
		stack_read(report, growing, record);
	if (growing->path || !json_object_get(record, "members"))
		return true;
	growing->path = path_take(report, record);
	growing->retained_bytes = record_number(record, "retained_bytes");
	growing->retained_blocks = record_number(record, "retained_blocks");
	growing->within = record_number(record, "within");
	return true;
}

/* Places that others hold come last; of both kinds, those that the baseline
 * has. Among equals the first one read is the first. */
static int by_size(const struct growing *a, const struct growing *b)
{
	uint64_t x = a->bytes + a->retained_bytes;
	uint64_t y = b->bytes + b->retained_bytes;

	if (!a->holder != !b->holder)
		return a->holder ? 1 : -1;
	if (a->is_known != b->is_known)
		return a->is_known ? 1 : -1;
	if (x != y)
		return x < y ? 1 : -1;
	if (a->key.program != b->key.program)
		return a->key.program < b->key.program ? -1 : 1;
	return (a->key.place > b->key.place) - (a->key.place < b->key.place);
}

void growing_sort(struct report *report)
{
	struct growing *growing;
	size_t rank = 0;

	HASH_SORT(report->growing, by_size);
	for (growing = report->growing; growing; growing = growing->hh.next)
		growing->rank = rank++;
}

void growing_finish(struct report *report)
{
	struct growing *growing, *next;

	HASH_ITER(hh, report->growing, growing, next) {
		if (growing->scan < growing->of->scans)
			HASH_DEL(report->growing, growing);
	}
	growing_sort(report);
}

void growing_free(struct report *report)
{
	HASH_CLEAR(hh, report->growing);
}

uint64_t growing_blocks(const struct growing *growing)
{
	size_t n = growing->counts_n;

	return n ? growing->counts[n - 1] : 0;
}

uint64_t growing_gain(const struct growing *growing)
{
	uint64_t last = growing_blocks(growing);

	return last > growing->counts[0] ? last - growing->counts[0] : 0;
}

size_t growing_count(const struct report *report)
{
	return HASH_COUNT(report->growing);
}

size_t growing_new(const struct report *report)
{
	const struct growing *growing;
	size_t n = 0;

	for (growing = report->growing; growing; growing = growing->hh.next)
		n += !growing->is_known;
	return n;
}

const struct member *growing_member(const struct growing *growing)
{
	const struct path *path = growing->path;

	if (!path || !path->steps.members_n)
		return NULL;
	return &path->steps.members[path->steps.members_n - 1];
}
