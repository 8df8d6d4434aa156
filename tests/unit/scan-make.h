/* Roots of one word each, for whole scans of heaps made by hand. */
#ifndef SCAN_MAKE_H
#define SCAN_MAKE_H

#include "graph/graph.h"
#include "heap-make.h"
#include "scan/late.h"
#include "scan/nodes.h"
#include "scan/root.h"
#include "scan/scan.h"
#include "scan/scanned.h"

#define AT(i) (room + HERE + 0x100ul * (i)) /* of block i */

static struct scan scan;
static struct root root[4];
static struct roots roots = {.list = root, .room = 4};

/* A root of one word; where it stands. */
static inline uintptr_t hold(uintptr_t word, enum root_kind kind)
{
	uintptr_t at = room + 64 + 8 * roots.n;

	put(at, word);
	root[roots.n++] = (struct root){
		.low = at,
		.high = at + 8,
		.kind = kind,
		.explicit = true,
	};
	return at;
}

#endif
