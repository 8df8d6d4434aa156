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
/* Blocks of a sample: its members, then what its head keeps. */
#define EVIDENCE_SHOWN (FINDING_MEMBERS_MAX + FINDING_KEPT_MAX)
#define EVIDENCE_PLACES 512 /* at least twice as many */
/* Edges from or to what the head keeps: of all such, of those from one block.
 */
#define EVIDENCE_KEPT_EDGES 512
#define EVIDENCE_BLOCK_EDGES 128
#define EVIDENCE_COUNTS 64
#define EVIDENCE_POINTS 8
#define EVIDENCE_NAMES (256u << 10) /* bytes for names */
#define EVIDENCE_FDS 16		    /* of one object of a runtime */
/* Of one member; of all, while there are fewer. */
#define EVIDENCE_ACQUIRES 64

/* A word of a block that leads into a module. */
struct evidence_point {
	uint32_t offset, module;
	uintptr_t to;
};

/* A block of the sample. */
struct evidence_member {
	uintptr_t block;
	uint64_t size;
	uint32_t stack;
	uint32_t vtable_module; /* 0: the block has none */
	uintptr_t vtable;	/* what its first word points to */
	const char *rtti;	/* the mangled name of its class, or NULL */
	uint32_t in;		/* how many words of unreached blocks lead to
				   it */
	uint8_t epoch;		/* scans that began before it was made;
				   saturates */
	/* Offsets of 32-bit words that are from 1 to `in`, and what they are.
	 */
	uint32_t counts_n;
	uint16_t count[EVIDENCE_COUNTS];
	uint32_t value[EVIDENCE_COUNTS];
	/* Of the first words, but for the very first. */
	uint32_t points_n;
	struct evidence_point point[EVIDENCE_POINTS];
	/* What macros or runtimes told; NULL and -1: nothing. */
	const char *type, *finalizer;
	int64_t refcount;
	const char *runtime;  /* that told the type; NULL: none */
	bool undecided;	      /* its references decide (apart.h) */
	int32_t part_of;      /* a block of the sample, or -1 */
	uint32_t resources_n; /* so many of evidence.resource, from `resources`
				 on */
	uint32_t resources;
};

enum evidence_edge_kind { EDGE_STRONG, EDGE_WEAK, EDGE_INTERIOR };

/* A word of one block of the sample that leads to another, or to itself. */
struct evidence_edge {
	uint32_t from, to; /* members, or what the head keeps */
	enum evidence_edge_kind kind;
	uint64_t offset;
	uint64_t into;	   /* of an interior one: how far into the target */
	const char *field; /* NULL: no name is known */
	bool declared;	   /* a runtime counts it */
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

/* See places.h. */
struct evidence_places {
	uint32_t node[EVIDENCE_PLACES]; /* or NODE_NONE */
	uint8_t index[EVIDENCE_PLACES];
};

struct evidence {
	/* gather_hold() */
	struct evidence_word word; /* the only word that holds a suspect */
	uint32_t references; /* words of unreached blocks that lead to the head
			      */
	/* gather_sample() */
	uint32_t members_n, edges_n, resources_n, acquires_n;
	uint32_t kept_n;     /* after the members: what the head keeps */
	uint32_t cut;	     /* an edge, or NODE_NONE */
	bool has_objects;    /* macros told of some */
	const char *because; /* why no collector frees it; NULL: unknown */
	struct evidence_places places;
	struct evidence_member member[EVIDENCE_SHOWN];
	struct evidence_edge edge[EVIDENCE_EDGES];
	int resource[EVIDENCE_RESOURCES]; /* descriptors, by member */
	struct evidence_acquire acquire[2 * EVIDENCE_ACQUIRES];
	uint32_t names_used;
	char names[EVIDENCE_NAMES];
};

#endif
