/*
 * What the template arguments of the functions that allocate tell.
 */
#ifndef SITE_TEMPLATE_H
#define SITE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

struct frame;
struct report;
struct type;

struct argument_found {
	const struct type *type;
	bool many;     /* the function allocates any number of them */
	bool is_owner; /* what was found before it is as it says */
};

/* From the allocator's frame to the next ones. */
struct template_way {
	bool goes_on; /* the next frame may tell as well, since this one is all
			 a library's */
	bool in_buffer;
};

#define ARGUMENTS_FOUND_MAX 16

/* Of the functions at a frame, innermost first, those inlined as well. Returns
 * how many. */
size_t template_arguments(struct report *report, const struct frame *frame,
			  struct template_way *way,
			  struct argument_found found[ARGUMENTS_FOUND_MAX]);

#endif
