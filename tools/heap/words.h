/*
 * An image in the programmer's words: types, fields, stacks.
 */
#ifndef HEAP_WORDS_H
#define HEAP_WORDS_H

#include <stddef.h>
#include <stdint.h>

struct image;
struct report;
struct traces;

/* Gives nodes, edges and stacks their names; the tree of stacks is in traces
 * then. What root words are called: `roots` has a string for each of them. All
 * files with names are closed when it returns. */
void image_explain(struct image *image, struct report *report,
		   struct traces *traces, uint32_t **roots);

#endif
