/*
 * Questions of the program that only a frozen copy can answer: which blocks
 * point at one, which fields would break the cycles that there are.
 */
#ifndef ASK_H
#define ASK_H

#include <stdint.h>

enum ask {
	ASK_NOTHING,
	ASK_CUTS,      /* besides a scan */
	ASK_REFERRERS, /* instead of one */
};

#define ANSWERS 4096
struct answers {
	uint32_t busy;	/* a thread asks, or reads */
	uint32_t whole; /* the child came to its end */
	uint32_t n;	/* how many there are; listed are ANSWERS at most */
	struct answer {
		uintptr_t at;	       /* the block, or the owner */
		void (*clear)(void *); /* of the owner's field */
	} list[ANSWERS];
};

struct scan;
struct arena;
struct snapshot;

/* In the child. 0 or -ENOMEM. */
int ask_cuts(const struct snapshot *snapshot, const struct scan *scan,
	     struct arena *arena) __attribute__((warn_unused_result));
int ask_referrers(const struct snapshot *snapshot)
	__attribute__((warn_unused_result));

#endif
