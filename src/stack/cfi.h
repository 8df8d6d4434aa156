/*
 * The unwinding rules of a module's .eh_frame. x86-64.
 */
#ifndef CFI_H
#define CFI_H

#include <stdint.h>

/* Where the frame's CFA (the stack pointer before its call) is. */
enum rule_kind {
	RULE_UNKNOWN,	    /* there is a rule, but not one of these */
	RULE_RSP,	    /* rsp + cfa */
	RULE_RBP,	    /* rbp + cfa */
	RULE_DEREF_RSP,	    /* *(rsp + cfa) + extra */
	RULE_DEREF_RBP,	    /* *(rbp + cfa) + extra: gcc's realigned frames */
	RULE_SIGNAL,	    /* a ucontext is on the stack */
	RULE_END,	    /* outermost: nothing called it */
	RULE_FRAME_POINTER, /* no rule at all: try rbp's chain, like RULE_RBP */
};

/* What rbp was in the caller. */
enum rule_rbp { RBP_SAME, RBP_AT_CFA, RBP_AT_RBP, RBP_LOST };

/* The return address is always at CFA - 8. Offsets count words. */
struct rule {
	uint64_t kind : 3;
	uint64_t rbp_kind : 2;
	uint64_t extra : 6; /* of RULE_UNKNOWN: libunwind has none either */
	uint64_t module : 16;
	int64_t cfa : 20;
	int64_t rbp : 17;
};

/* Of the instruction at pc, which lies in that module. */
struct rule cfi_rule(uintptr_t pc, uint32_t module);

#endif
