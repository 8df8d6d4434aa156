/*
 * The file that Chromium's DevTools load: V8's .heapsnapshot.
 */
#ifndef HEAPSNAPSHOT_H
#define HEAPSNAPSHOT_H

#include <stdio.h>

struct graph;
struct traces;

/* Node 0 is the root. Every edge leads to a node. Errors of out are its owner's
 * to see. */
void heapsnapshot_print(const struct graph *graph, const struct traces *traces,
			FILE *out);

#endif
