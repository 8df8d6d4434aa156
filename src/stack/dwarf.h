/*
 * The encodings of DWARF's unwinding tables. Reads are bounded and trust
 * nothing. A reader that has run out, or has met something unknown, is bad from
 * then on and reads zeros.
 */
#ifndef DWARF_H
#define DWARF_H

#include <stdbool.h>
#include <stdint.h>

/* x86-64's numbers of the registers that matter. */
enum { DWARF_RBP = 6, DWARF_RSP = 7, DWARF_RA = 16 };

struct dwarf {
	const uint8_t *at, *end;
	bool bad;
};

/* Nearly all reads are of one byte: instructions and small numbers. */
static inline uint8_t dwarf_byte(struct dwarf *in)
{
	if (in->at < in->end)
		return *in->at++;
	in->bad = true;
	return 0;
}

uint64_t dwarf_fixed(struct dwarf *in, unsigned bytes);
uint64_t dwarf_uleb(struct dwarf *in);
int64_t dwarf_sleb(struct dwarf *in);
void dwarf_skip(struct dwarf *in, uint64_t bytes);
/* A pointer in one of the DW_EH_PE_ encodings; data is what datarel means. */
uint64_t dwarf_encoded(struct dwarf *in, uint8_t encoding, uintptr_t data);

/* A value that an expression makes: base + inner, or *(base + inner) + outer,
 * with the base a register or nothing. */
struct dwarf_value {
	uint8_t base; /* 0, DWARF_RBP, DWARF_RSP */
	bool deref;
	int64_t inner, outer;
};

/* Evaluates an expression (its length comes first) as far as possible without
 * the registers. rip is known, which is all that a procedure linkage table
 * needs. False when the value has another form. */
bool dwarf_evaluate(struct dwarf *code, uintptr_t pc,
		    struct dwarf_value *result);

#endif
