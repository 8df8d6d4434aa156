/*
 * What becomes of a block in one function that a call has given it to.
 */
#ifndef SITE_PASSAGE_H
#define SITE_PASSAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

#include "types/site_machine.h"

struct candidate;
struct report;
struct symbols;

/* Which of a call's arguments led to where the block was stored, by its
 * register; or RAX: the call returned the block. */
struct passage_key {
	uint64_t address; /* of the call's last byte */
	uint64_t reg;
};

struct passage {
	struct passage_key key;
	size_t n;
	const struct candidate *candidates;
	bool has_returned; /* to the next function, so far behind its start: */
	int64_t returned;
	bool has_out;	/* it was stored where this argument leads: */
	unsigned out;	/* a register */
	bool is_opaque; /* the function says nothing of what it returns */
	bool is_array;	/* the call was to "new[]" */
	bool sizes_asked;
	struct value sizes[3]; /* see passage_sizes() */
	UT_hash_handle hh;
};

/* Never NULL. It stays while the module is open. */
struct passage *passage_at(struct report *report, struct symbols *symbols,
			   uint64_t address, unsigned reg);
/* The call's first arguments, one of which may be the size. */
const struct value *passage_sizes(struct report *report,
				  struct symbols *symbols,
				  struct passage *passage);

#endif
