/*
 * Which findings are nested in which. Each pair is kept once, however many
 * there are.
 */
#include <jansson.h>
#include <string.h>
#include "model/memory.h"
#include "model/model.h"
#include "model/nested.h"

struct nest {
	char *key; /* holder, turn, nested */
	UT_hash_handle hh;
};

void nests_free(struct report *report)
{
	HASH_CLEAR(hh, report->nests);
}

/* Adds a pair; false when it is there already. */
static bool nest_add(struct report *report, const struct finding *finding,
		     const char *id)
{
	size_t n = strlen(finding->id) + strlen(id) + 32;
	char *key = report_take(report, n, 1);
	struct nest *nest;

	snprintf(key, n, "%s\n%u\n%s", finding->id, finding->turn, id);
	HASH_FIND_STR(report->nests, key, nest);
	if (nest)
		return false;
	nest = report_take(report, 1, sizeof(*nest));
	nest->key = key;
	HASH_ADD_KEYPTR(hh, report->nests, nest->key, strlen(key), nest);
	return true;
}

static void room_make(struct report *report, struct finding *finding, size_t n)
{
	const char **nested;
	size_t room = finding->nested_room;

	if (finding->nested_n + n <= room)
		return;
	room = room > n ? 2 * room : room + n;
	nested = report_take(report, room, sizeof(*nested));
	if (finding->nested_n)
		memcpy(nested, finding->nested,
		       finding->nested_n * sizeof(*nested));
	finding->nested = nested;
	finding->nested_room = room;
}

void nested_forget(struct finding *finding)
{
	finding->nested_n = 0;
	finding->turn++;
}

void nested_take(struct report *report, struct finding *finding,
		 const json_t *record)
{
	const json_t *list = json_object_get(record, "nested");
	size_t i;

	room_make(report, finding, json_array_size(list));
	for (i = 0; i < json_array_size(list); i++) {
		const char *id = json_string_value(json_array_get(list, i));

		if (!id)
			continue;
		id = report_name(report, id, strlen(id));
		if (nest_add(report, finding, id))
			finding->nested[finding->nested_n++] = id;
	}
}
