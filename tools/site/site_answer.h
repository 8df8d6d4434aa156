/*
 * What is found of the type of a block.
 */
#ifndef SITE_ANSWER_H
#define SITE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

struct type;

struct site {
	const struct type *type; /* also of an array */
	enum type_from from;
	bool is_sure;
	bool has_more; /* the block goes on behind it, as for a flexible array
			  member or a text */
	uint64_t at;   /* where in the block it begins */
};

#endif
