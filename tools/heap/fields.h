/*
 * What the words of blocks are called.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdint.h>

struct field_known;
struct graph;
struct member;
struct report;
struct strings;

struct fields {
	struct report *report;
	struct strings *strings;
	struct field_known *known; /* hash by kind and offset */
	uint64_t n;
};

/* Gives an edge from a block of that kind its type and name: it has its offset
 * and the flags of its word so far. member: what is known of the kind. Its
 * module is still open. */
void edge_name(struct fields *fields, struct graph *graph, uint64_t edge,
	       uint32_t kind, const struct member *member);
void fields_free(struct fields *fields);

#endif
