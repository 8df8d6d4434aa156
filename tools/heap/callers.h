/*
 * The stacks of an image, as a report has them.
 */
#ifndef CALLERS_H
#define CALLERS_H

#include <stdint.h>

#include "heap/image.h"
#include "model/model.h"

struct report;
struct traces;

struct callers {
	struct image *image;
	struct module **modules; /* by their numbers in the image */
	struct frame *frames;	 /* of each caller, once they are resolved */
};

/* Looks up the names of all frames. */
void callers_resolve(struct report *report, struct callers *callers);
/* The stack that begins with that caller, or NONE; without frames of
 * Gordian's. In the report's memory. */
struct stack *caller_stack(struct report *report, const struct callers *callers,
			   uint32_t caller);
struct frame spot_frame(const struct callers *callers, struct spot spot);
/* Adds all callers to the tree. The node of each, in a list that is to be
 * freed. */
uint32_t *callers_trace(struct report *report, const struct callers *callers,
			struct traces *traces);
/* "shop: sessions", "shop+0x12". In the report's memory. */
const char *variable_label(struct report *report, const struct frame *place);
/* "before: serve()"; before, when the function has no name. */
const char *frame_label(struct report *report, const struct callers *callers,
			struct spot spot, const char *before);

#endif
