/*
 * A function: its variables, and where each of them is at which instruction.
 */
#ifndef SITE_SCENE_H
#define SITE_SCENE_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

#include "site/site_function.h"

struct report;
struct symbols;
struct type;

/* The function that has the address. Never NULL. It stays while the module is
 * open. */
struct scene *scene_at(struct report *report, struct symbols *symbols,
		       uint64_t address);
/* The stretch of the function's code that has the address. False: the function
 * is not known. */
bool scene_stretch(struct scene *scene, uint64_t address, uint64_t *start,
		   uint64_t *end);
/* The call that comes back there, or NULL. */
const struct call *scene_call(const struct scene *scene, uint64_t back);
const struct type *variable_type(struct report *report, struct symbols *symbols,
				 struct variable *variable);
/* Whether the function, wherever it is described, is a constructor. */
bool is_constructor(Dwarf_Die *function);

#endif
