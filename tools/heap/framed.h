/*
 * Frames in the tree of stacks.
 */
#ifndef FRAMED_H
#define FRAMED_H

#include <stdint.h>

struct frame;
struct report;
struct strings;
struct symbol;
struct traces;

/* The function, or "libx.so+0x12". In the report's memory. */
const char *symbol_label(struct report *report, const struct frame *frame,
			 const struct symbol *symbol);
/* Adds the frame below parent; what was inlined comes below what it was inlined
 * into. The innermost node. */
uint32_t frame_trace(struct report *report, struct strings *strings,
		     const struct frame *frame, uint32_t parent,
		     struct traces *traces);

#endif
