/*
 * The words of a node, read again: the graph keeps only where they lead.
 */
#ifndef WORDS_H
#define WORDS_H

#include "graph/graph.h"

/* A graph_words_fn. Snapshot child only, after scan_run(). */
graph_words_fn words_visit;

#endif
