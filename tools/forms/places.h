/*
 * What each place of a finding has allocated: members that share a stack are
 * one place.
 */
#ifndef PLACES_H
#define PLACES_H

#include <stddef.h>
#include <stdint.h>

struct finding;
struct stack;

struct held_place {
	size_t member; /* the first that was allocated there */
	const struct stack *stack;
	uint64_t count, bytes;			 /* of all instances */
	uint64_t retained_count, retained_bytes; /* at the head's place */
};

/* The places, the head's first; malloc'd, at least one. Sums that do not fit in
 * 63 bits are cut there. The bytes of members that the report does not list, of
 * a large ring, are counted at the head's place. */
struct held_place *places_make(const struct finding *finding, size_t *n);

#endif
