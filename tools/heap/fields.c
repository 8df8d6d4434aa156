/*
 * See fields.h. Blocks of a kind have the same fields, so each is looked up
 * once. Elements of arrays have numbers instead of names: there are many.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/die.h"
#include "heap/fields.h"
#include "heap/graph.h"
#include "heap/image.h"
#include "heap/strings.h"
#include "model/model.h"
#include "types/leaf.h"
#include "types/walk.h"

#define KNOWN_MOST 1000000

struct field_known {
	struct field_key {
		uint32_t kind, offset;
	} key;
	uint32_t name;
	uint8_t type;
	UT_hash_handle hh;
};

/* Whether the text is "[12]", and its number. */
static bool is_element(const char *path, uint32_t *index)
{
	char *end;
	unsigned long n;

	if (path[0] != '[' || path[1] < '0' || path[1] > '9')
		return false;
	n = strtoul(path + 1, &end, 10);
	*index = (uint32_t)n;
	return end[0] == ']' && !end[1] && n <= INT32_MAX;
}

static void by_offset(struct fields *fields, struct field_known *field)
{
	char text[32];

	field->type = EDGE_ELEMENT;
	field->name = field->key.offset / 8;
	if (fields->n >= KNOWN_MOST)
		return;
	snprintf(text, sizeof(text), "+%u", field->key.offset);
	field->type = EDGE_PROPERTY;
	field->name = string_number(fields->strings, text);
}

static void field_find(struct fields *fields, const struct member *member,
		       struct field_known *field)
{
	struct leaf leaves[LEAVES_MAX];
	size_t n = 0;

	if (member->shape && field->key.offset >= member->shape_at)
		n = leaves_find(fields->report, member->shape,
				field->key.offset - member->shape_at, leaves);
	if (!n) {
		by_offset(fields, field);
		return;
	}
	if (is_element(leaves[0].path, &field->name)) {
		field->type = EDGE_ELEMENT;
		return;
	}
	field->type =
		leaves[0].ownership == OWN_WEAK ? EDGE_WEAK : EDGE_PROPERTY;
	field->name = string_number_n(fields->strings, leaves[0].path,
				      strlen(leaves[0].path));
	if (!*leaves[0].path)
		by_offset(fields, field);
}

static const struct field_known *field_of(struct fields *fields, uint32_t kind,
					  uint32_t offset,
					  const struct member *member)
{
	static struct field_known beyond;
	struct field_key key = {kind, offset};
	struct field_known *known;

	HASH_FIND(hh, fields->known, &key, sizeof(key), known);
	if (known)
		return known;
	if (fields->n >= KNOWN_MOST) {
		beyond = (struct field_known){.key = key};
		field_find(fields, member, &beyond);
		return &beyond;
	}
	known = calloc(1, sizeof(*known));
	if (!known)
		die(STATUS_FAILED, "out of memory");
	known->key = key;
	field_find(fields, member, known);
	HASH_ADD(hh, fields->known, key, sizeof(known->key), known);
	fields->n++;
	return known;
}

void edge_name(struct fields *fields, struct graph *graph, uint64_t edge,
	       uint32_t kind, const struct member *member)
{
	uint8_t flags = graph->type[edge];
	const struct field_known *field;

	if (flags & WORD_NAMED) {
		graph->type[edge] = EDGE_PROPERTY;
	} else if (graph->name[edge] < 2) {
		graph->type[edge] = EDGE_PROPERTY;
		graph->name[edge] = string_number(fields->strings, "?");
	} else {
		field = field_of(fields, kind, graph->name[edge] - 2, member);
		graph->type[edge] = field->type;
		graph->name[edge] = field->name;
	}
	if (!(flags & WORD_WEAK))
		return;
	if (graph->type[edge] == EDGE_ELEMENT)
		graph->name[edge] = string_number(fields->strings, "weak");
	graph->type[edge] = EDGE_WEAK;
}

void fields_free(struct fields *fields)
{
	struct field_known *known, *next;

	HASH_ITER(hh, fields->known, known, next) {
		HASH_DEL(fields->known, known);
		free(known);
	}
}
