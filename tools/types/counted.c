/*
 * See counted.h. The name decides; what the scan saw in the block confirms it.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "types/counted.h"

#define DEPTH_MAX 6
#define STEPS_MAX 4096 /* a limit for damaged types */

/* In lower case, without underscores around and between. */
static const char *const names[] = {
	"ref",
	"refs",
	"refcount",
	"refcnt",
	"refct",
	"rc",
	"nref",
	"nrefs",
	"usecount",
	"uses",
	"usecnt",
	"numrefs",
	"numref",
	"refscount",
	"usagecount",
	"references",
	"referencecount",
	"refcounter",
	"referencecounter",
	"sharedcount",
	"sharedowners",
	"kref",
	"counted",
	"refcountvalue",
};

/* "m_refCount", "_ref_count_" and "refcount" are one. */
static void plain(const char *name, char *text, size_t room)
{
	size_t n = 0;

	if (!strncmp(name, "m_", 2) || !strncmp(name, "p_", 2))
		name += 2;
	for (; *name && n + 1 < room; name++)
		if (*name != '_')
			text[n++] = (char)tolower((unsigned char)*name);
	text[n] = '\0';
}

static bool is_count_name(const char *name)
{
	char text[64];
	size_t i, n;

	plain(name, text, sizeof(text));
	n = strlen(text);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(text, names[i]))
			return true;
	/* "ob_refcnt", "session_refcount" */
	return (n > 6 && (!strcmp(text + n - 6, "refcnt"))) ||
	       (n > 8 && !strcmp(text + n - 8, "refcount"));
}

/* Whether the scan saw a possible count there; notes what it is. */
static bool is_seen(struct member *member, uint64_t offset)
{
	size_t i;

	for (i = 0; i < member->counts_n; i++) {
		if (member->counts[i] != offset + member->shape_at)
			continue;
		if (member->count_values)
			member->field_count = member->count_values[i];
		return true;
	}
	return false;
}

/* A number, or what wraps one: std::atomic<int>, struct kref. */
static bool is_number(const struct type *type, size_t *steps, int depth)
{
	size_t i;

	if (!type || depth == DEPTH_MAX || ++*steps > STEPS_MAX)
		return false;
	if (type->kind == TYPE_SCALAR)
		return type->is_integral && type->size >= 4;
	if (type->kind != TYPE_RECORD || type->size > 8)
		return false;
	for (i = 0; i < type->fields_n; i++)
		if (!type->fields[i].offset &&
		    is_number(type->fields[i].type, steps, depth + 1))
			return true;
	return false;
}

static bool record_find(struct member *member, const struct type *type,
			uint64_t offset, char path[128], size_t *steps,
			int depth)
{
	size_t length = strlen(path), i;

	for (i = 0; i < type->fields_n; i++) {
		const struct type_field *field = &type->fields[i];
		uint64_t at = offset + field->offset;

		if (++*steps > STEPS_MAX)
			return false;
		if (!field->type)
			continue;
		if (field->name)
			snprintf(path + length, 128 - length, "%s%s",
				 length ? "." : "", field->name);
		if (field->type->kind == TYPE_RECORD && depth < DEPTH_MAX &&
		    !field->type->is_union &&
		    record_find(member, field->type, at, path, steps,
				depth + 1))
			return true;
		if (field->name && is_count_name(field->name) &&
		    is_number(field->type, steps, 0) && is_seen(member, at))
			return true;
		path[length] = '\0';
	}
	return false;
}

void count_field_find(struct report *report, struct member *member)
{
	char path[128] = "";
	size_t steps = 0;

	if (member->shape && member->shape->kind == TYPE_RECORD &&
	    member->counts_n &&
	    record_find(member, member->shape, 0, path, &steps, 0))
		member->count_field = report_copy(report, path, strlen(path));
}
