/*
 * Steps outwards through the frames of any stack by rules, whatever lies on it.
 * Inside the guard. No lock but module's, for a new address.
 */
#ifndef WALK_H
#define WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "stack/cfi.h"

#define PC_MAX (1ull << 47)

/* A frame that was stepped through. */
struct step {
	uintptr_t pc;	  /* of the call in it */
	uintptr_t slot;	  /* where its return address was read; 0: nowhere */
	uintptr_t rbp_at; /* where its rbp was saved; 0: not known */
	struct rule rule;
};

struct walk {
	uintptr_t pc, slot, sp; /* of the frame that it has reached */
	uintptr_t rbp, rbp_at;
	uintptr_t low, high; /* this range can be read */
	uintptr_t limit;     /* up to here the kernel may be asked */
	uintptr_t thread_low, thread_high;
	unsigned signals;
	struct step *steps; /* innermost first */
	size_t n, max;
	size_t loose; /* the words of the stack alone do not prove that these
			 first steps are inside of the rest */
};

/* Begins at the caller of the function with this frame address. steps and max
 * must be set. The thread's own stack is [low, high). */
void walk_begin(struct walk *w, const void *frame, uintptr_t low,
		uintptr_t high);
/* The same at an instruction, with these registers: of a thread that stands
 * still. */
void walk_begin_at(struct walk *w, uintptr_t pc, uintptr_t sp, uintptr_t rbp,
		   uintptr_t low, uintptr_t high);
/* Collects steps up to the outermost frame. False when the walk did not get
 * there and libunwind might. */
bool walk_run(struct walk *w);
/* Whether all of it lies on the thread's own stack. */
bool walk_is_own_stack(const struct walk *w);

/* Where this rule finds the CFA, or the word that leads to the CFA. */
static inline uintptr_t rule_base(struct rule rule, uintptr_t sp, uintptr_t rbp)
{
	bool by_sp = rule.kind == RULE_RSP || rule.kind == RULE_DEREF_RSP;

	return (by_sp ? sp : rbp) + rule.cfa * 8;
}

static inline bool rule_needs_rbp(struct rule rule)
{
	return rule.kind == RULE_RBP || rule.kind == RULE_DEREF_RBP ||
	       rule.kind == RULE_FRAME_POINTER;
}

static inline bool rule_derefs(struct rule rule)
{
	return rule.kind == RULE_DEREF_RSP || rule.kind == RULE_DEREF_RBP;
}

/* Where rbp was saved; not for RBP_SAME and RBP_LOST. */
static inline uintptr_t rule_rbp_at(struct rule rule, uintptr_t cfa,
				    uintptr_t rbp)
{
	return (rule.rbp_kind == RBP_AT_CFA ? cfa : rbp) + rule.rbp * 8;
}

/* Neither we nor libunwind know anything outside this frame. */
static inline bool rule_ends(struct rule rule)
{
	return rule.kind == RULE_END ||
	       (rule.kind == RULE_UNKNOWN && rule.extra);
}

#endif
