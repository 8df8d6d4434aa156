/*
 * Evidence: what is told of a finding besides its figures. All of it that is in
 * the frozen memory is read before a line is written. The code that writes the
 * line reads none.
 *
 * Snapshot child only. The arrays have fixed sizes: what does not fit is left
 * out.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>
#include "graph/finding.h"

#define EVIDENCE_EDGES 4096
#define EVIDENCE_RESOURCES 4096
/* Of one member; of all, while there are fewer. */
#define EVIDENCE_ACQUIRES 64

/* A block of the sample. */
struct evidence_member {
	uintptr_t block;
	uint64_t size;
	uint32_t stack;
	uint32_t vtable_module; /* 0: the block has none */
	uintptr_t vtable;	/* what its first word points to */
	/* What macros told; NULL and -1: nothing. */
	const char *type, *finalizer;
	int64_t refcount;
	uint32_t resources_n; /* so many of evidence.resource, from `resources`
				 on */
	uint32_t resources;
};

enum evidence_edge_kind { EDGE_STRONG, EDGE_WEAK, EDGE_INTERIOR };

/* A word of one member that leads to another. */
struct evidence_edge {
	uint32_t from, to; /* members */
	enum evidence_edge_kind kind;
	uint64_t offset;
	const char *field; /* NULL: no name is known */
	bool linked;	   /* by a macro, ... */
	uint32_t stack;	   /* ... here */
};

/* References that were taken and not given back. */
struct evidence_acquire {
	uint32_t member, count, stack;
};

enum evidence_place {
	PLACE_FOREIGN, /* no block, no variable, no stack */
	PLACE_STALE,   /* on a stack, below its pointer */
	PLACE_HALF,    /* anywhere: half of a word */
};

/* The word by which a suspect is known. */
struct evidence_word {
	uintptr_t at; /* 0: unknown */
	enum evidence_place place;
	bool in_block;
};

struct evidence {
	/* gather_hold() */
	struct evidence_word word; /* the only word that holds a suspect */
	uint32_t references; /* words of unreached blocks that lead to the head
			      */
	/* gather_sample() */
	uint32_t members_n, edges_n, resources_n, acquires_n;
	uint32_t cut;	  /* an edge, or NODE_NONE */
	bool has_objects; /* macros or adapters told of some */
	struct evidence_member member[FINDING_MEMBERS_MAX];
	struct evidence_edge edge[EVIDENCE_EDGES];
	int resource[EVIDENCE_RESOURCES]; /* descriptors, by member */
	struct evidence_acquire acquire[2 * EVIDENCE_ACQUIRES];
};

/* The member that a node is, or -1. */
static inline int32_t evidence_member_of(const struct finding *finding,
					 uint32_t node)
{
	uint32_t i;

	for (i = 0; i < finding->members_n; i++)
		if (finding->members[i] == node)
			return i;
	return -1;
}

#endif
