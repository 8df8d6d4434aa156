/*
 * Which acquires are outstanding: releases are matched to acquires on the tree
 * of stacks from the leaves inwards, so that a release takes out the acquire
 * that shares the most outer functions with it, the oldest among equals
 * (Mozilla's refcount balance trees). Snapshot child; arrays in, arrays out.
 */
#ifndef BALANCE_H
#define BALANCE_H

#include <stdint.h>
#include "arena.h"
#include "refs.h"

struct balance {
	uint32_t stack, count;
};

/* Writes at most room entries, largest count first; how many there are. Where
 * it is a guess which of several acquires a release took out, all of them are
 * listed with what each could still have. -ENOMEM on failure. */
int balance_outstanding(const struct ref_entry *entries, struct arena *arena,
			struct balance *out, uint32_t room);

#endif
