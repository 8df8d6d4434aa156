/*
 * What becomes of a block in one function that a call has given it to.
 */
#ifndef SITE_PASSAGE_H
#define SITE_PASSAGE_H

#include <stdint.h>

#include "site/site_machine.h"
#include "site/site_store.h"

struct report;
struct symbols;

/* Never NULL. It stays while the module is open. */
struct passage *passage_at(struct report *report, struct symbols *symbols,
			   uint64_t address, unsigned reg);
/* The call's arguments, SIZES of them; the first may be the size. */
const struct value *passage_sizes(struct report *report,
				  struct symbols *symbols,
				  struct passage *passage);

#endif
