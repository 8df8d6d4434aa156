/*
 * The scans of a report. A server that is watched for months has millions of
 * them. So each is kept in as few bytes as its numbers need: seven bits a byte,
 * the lowest first. The eighth bit says that more follow.
 */
#include <stddef.h>
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "model/record.h"
#include "model/scans.h"

#define NUMBER_BYTES 10 /* at most */

struct trigger {
	const char *name;
	UT_hash_handle hh;
};

#define FIGURE(name)                                  \
	{                                             \
#name, offsetof(struct figures, name) \
	}
static const struct {
	const char *key;
	size_t at;
} numbers[] = {
	FIGURE(n),
	FIGURE(blocks),
	FIGURE(bytes),
	FIGURE(objects),
	FIGURE(pause_us),
	FIGURE(stopped_threads),
	FIGURE(peak_child_kb),
	FIGURE(copied_kb),
	FIGURE(stacks),
	FIGURE(stacks_walked),
	FIGURE(stacks_unwound),
	FIGURE(stacks_checked),
	FIGURE(stacks_different),
	FIGURE(findings),
	FIGURE(spared),
};
#define NUMBERS (sizeof(numbers) / sizeof(*numbers))

static uint64_t *number_at(struct figures *figures, size_t i)
{
	return (uint64_t *)((char *)figures + numbers[i].at);
}

static double record_ms(const json_t *record, const char *key)
{
	double ms = json_number_value(json_object_get(record, key));

	return ms >= 0 && ms < 1e15 ? ms : 0;
}

struct figures figures_take(const json_t *record)
{
	struct figures figures;
	size_t i;

	for (i = 0; i < NUMBERS; i++)
		*number_at(&figures, i) = record_number(record, numbers[i].key);
	if (figures.pause_us >=
	    UINT32_MAX) /* it stood still when it was killed */
		figures.pause_us = 0;
	figures.child_cpu_ms = record_ms(record, "child_cpu_ms");
	figures.cost_ms = record_ms(record, "cost_ms");
	return figures;
}

/* One copy of each name. */
static const char *trigger_take(struct report *report, const json_t *record)
{
	const json_t *value = json_object_get(record, "trigger");
	const char *name = json_string_value(value);
	struct trigger *trigger;

	if (!name)
		return NULL;
	HASH_FIND_STR(report->triggers, name, trigger);
	if (trigger)
		return trigger->name;
	trigger = report_take(report, 1, sizeof(*trigger));
	trigger->name = record_string(report, record, "trigger");
	HASH_ADD_KEYPTR(hh, report->triggers, trigger->name,
			strlen(trigger->name), trigger);
	return trigger->name;
}

void triggers_free(struct report *report)
{
	HASH_CLEAR(hh, report->triggers);
}

static unsigned char *number_pack(unsigned char *to, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		*to++ = (unsigned char)(number | 0x80);
	*to++ = (unsigned char)number;
	return to;
}

static const unsigned char *number_unpack(const unsigned char *from,
					  uint64_t *number)
{
	unsigned shift = 0;

	*number = 0;
	do {
		*number |= (uint64_t)(*from & 0x7f) << shift;
		shift += 7;
	} while (*from++ & 0x80);
	return from;
}

struct scan *scan_take(struct report *report, const json_t *record,
		       const struct figures *figures)
{
	unsigned char packed[2 * sizeof(double) + NUMBERS * NUMBER_BYTES];
	unsigned char *end = packed;
	struct figures copy = *figures;
	struct scan *scan;
	size_t i;

	end = mempcpy(end, &copy.child_cpu_ms, sizeof(double));
	end = mempcpy(end, &copy.cost_ms, sizeof(double));
	for (i = 0; i < NUMBERS; i++)
		end = number_pack(end, *number_at(&copy, i));
	scan = report_take(report, 1, sizeof(*scan) + (size_t)(end - packed));
	memcpy(scan->packed, packed, (size_t)(end - packed));
	scan->program = report->program;
	scan->trigger = trigger_take(report, record);
	return scan;
}

struct figures scan_figures(const struct scan *scan)
{
	const unsigned char *from = scan->packed;
	struct figures figures;
	size_t i;

	memcpy(&figures.child_cpu_ms, from, sizeof(double));
	from += sizeof(double);
	memcpy(&figures.cost_ms, from, sizeof(double));
	from += sizeof(double);
	for (i = 0; i < NUMBERS; i++)
		from = number_unpack(from, number_at(&figures, i));
	return figures;
}
