/*
 * What a function's instructions read and write.
 */
#ifndef SITE_MEMORY_H
#define SITE_MEMORY_H

#include <stdint.h>

#include "site/site_machine.h"

struct walk;

/* What a register holds; a variable that lives there says it as well. */
struct value register_read(struct walk *walk, const struct machine *machine,
			   unsigned reg);
struct value memory_read(struct walk *walk, const struct machine *machine,
			 struct value address);
/* Eight bytes of value. */
void memory_write(struct walk *walk, struct machine *machine,
		  struct value address, struct value value);
/* The variables that hold the block now are candidates. */
void variables_look(struct walk *walk, const struct machine *machine);

#endif
