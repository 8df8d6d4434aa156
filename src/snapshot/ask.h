/*
 * Questions of the program's that only a frozen copy can answer: which blocks
 * point at one, and which fields would break the cycles.
 */
#ifndef ASK_H
#define ASK_H

#include <stdint.h>

struct scan;
struct arena;
struct snapshot;

/* In the child. 0 or -ENOMEM. */
int ask_cuts(const struct snapshot *snapshot, const struct scan *scan,
	     struct arena *arena) __attribute__((warn_unused_result));
int ask_referrers(const struct snapshot *snapshot)
	__attribute__((warn_unused_result));

#endif
