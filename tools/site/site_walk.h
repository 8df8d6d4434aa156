/*
 * A walk through a function's instructions after the call that returned a
 * block: what it has found so far.
 */
#ifndef SITE_WALK_H
#define SITE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct report;
struct scene;
struct symbols;
struct type;

/* What tells a type, the best first. */
enum source {
	SOURCE_TEMPLATE,    /* an argument of the function that allocates */
	SOURCE_CONSTRUCTOR, /* its "this" */
	SOURCE_VARIABLE,
	SOURCE_MEMBER, /* of a typed pointer, or a global variable */
	SOURCE_RETURN, /* what the function returns */
	SOURCE_PARAMETER,
};

struct candidate {
	const struct type *type; /* of what begins there */
	enum source source;
	int64_t offset; /* behind the start of what was returned */
	bool is_either; /* of several that a union may hold */
};

struct walk {
	struct report *report;
	struct symbols *symbols;
	struct scene *scene;
	uint64_t address, next; /* of this instruction, and behind it */
	size_t n, room;
	struct candidate *candidates; /* in the report's memory */
	bool has_returned;	      /* the block, so far behind its start: */
	int64_t returned;
	unsigned out; /* the Nth argument leads to where it was stored; or 0 */
};

/* Its type may be NULL: then nothing happens. */
void candidate_add(struct walk *walk, const struct candidate *candidate);

#endif
