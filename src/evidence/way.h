/*
 * What is told of a path from a root to a block.
 *
 * Snapshot child only.
 */
#ifndef WAY_H
#define WAY_H

#include <stdint.h>
#include "evidence/evidence.h"
#include "evidence/steps.h"
#include "scan/holder.h"
#include "scan/path.h"

/* A root's word, as a report tells it. */
struct evidence_root {
	const char *kind; /* "variable", ... */
	uintptr_t at;
	uint64_t into;	 /* how far into its block it leads */
	uint32_t module; /* of a variable; 0: none */
	uint32_t thread; /* from 1; 0: none */
	int32_t tid;
	uintptr_t code; /* of a word on a stack: in its function; or 0 */
	uint32_t code_module;
};

struct way {
	const char *decree; /* why the first block is live; NULL: by a root */
	struct evidence_root root;
	struct steps steps;
};

struct evidence_root way_root(const struct holder *holder);

/* Fills what is told of the path, and members and edges: a member for each
 * step, an edge to each but the first and one behind omitted steps. holder: of
 * its root; NULL: it has none. */
void way_gather(const struct path *path, const struct holder *holder,
		struct way *way, struct evidence *out);

/* Fills one member, the block, and no edges. */
void way_gather_block(uintptr_t block, struct evidence *out);

#endif
