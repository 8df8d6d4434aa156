/*
 * Where variables are, as their locations in debug information say.
 */
#ifndef SITE_SPOT_H
#define SITE_SPOT_H

#include <elfutils/libdw.h>

#include "site/site_function.h"

/* From where DW_OP_fbreg counts. */
struct spot_base {
	enum spot_kind kind; /* SPOT_STACK or SPOT_NEAR */
	unsigned reg;
	int64_t offset;
	bool is_known;
};

void spot_base_find(Dwarf_Die *function, struct spot_base *base);
/* The variable is described inside of scope. */
void spots_add(struct scene *scene, const struct spot_base *base,
	       Dwarf_Die *scope, struct variable *variable);
/* By where they start. */
void spots_sort(struct scene *scene);

#endif
