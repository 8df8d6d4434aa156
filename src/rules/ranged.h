/*
 * Where functions and variables lie that rules name for what they allocate or
 * hold: count, weak, weak-symbol. Filled like targets (targets.h), and read in
 * the snapshot child, in which the rules are a runtime (scan/runtime.h).
 */
#ifndef RANGED_H
#define RANGED_H

#include "process/dynamic.h"
#include "scan/runtime.h"

/* Nothing is loaded any more. Then, for each module that is: notes what rules
 * say of it, `name` being its name. */
void ranged_begin(void);
void ranged_add(const struct dynamic *module, const char *name);

/* What rules say of blocks and variables. To be registered once. */
extern const struct runtime ranged_runtime
	__attribute__((visibility("hidden")));

#endif
