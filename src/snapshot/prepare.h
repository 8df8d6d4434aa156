/*
 * What each look at the frozen memory begins with: the mappings, the index of
 * the blocks, the roots, what runtimes declare. Snapshot child only.
 */
#ifndef PREPARE_H
#define PREPARE_H

#include <stdint.h>
#include "base/arena.h"
#include "scan/maps.h"
#include "scan/root.h"
#include "snapshot/frozen.h"

/* All zeros at first. */
struct prepared {
	struct arena arena;
	struct maps maps;
	struct roots roots;
};

/* program_pages: that the program has in memory. 0 or -errno. */
int prepare(const struct snapshot *snapshot, uint64_t program_pages,
	    struct prepared *out) __attribute__((warn_unused_result));

#endif
