/*
 * Reads one row of a module's .eh_frame: the rules for rsp, rbp and the return
 * address at one address. All reads stay in the module's readable segments, and
 * nothing is trusted. What is not understood makes RULE_UNKNOWN. Needs little
 * stack, no lock, no memory.
 */
#include <stddef.h>
#include <string.h>
#include "stack/cfi.h"
#include "stack/dwarf.h"
#include "stack/fde.h"
#include "stack/module.h"

#define STATES 6 /* deeper nesting of remember_state is not understood */

struct cie {
	struct dwarf code;
	uint64_t code_align;
	int64_t data_align;
	uint8_t encoding; /* of the addresses in its FDEs */
	bool augmented;
};

static void read_augmentation(struct dwarf *in, const char *kinds,
			      struct cie *cie)
{
	uint64_t length = dwarf_uleb(in);
	const uint8_t *end = in->at + length;

	if (length > (size_t)(in->end - in->at)) {
		in->bad = true;
		return;
	}
	cie->augmented = true;
	for (kinds++; *kinds; kinds++) {
		uint8_t encoding;

		if (*kinds == 'R') {
			cie->encoding = dwarf_byte(in);
		} else if (*kinds == 'P') {
			encoding = dwarf_byte(in);
			dwarf_encoded(in, encoding, 0);
		} else if (*kinds == 'L') {
			dwarf_byte(in);
		} else if (*kinds != 'S' && *kinds != 'B') {
			break; /* unknown, but its length is known */
		}
	}
	in->at = end;
}

static bool read_cie(uint32_t module, uintptr_t at, struct cie *cie)
{
	struct dwarf in = fde_entry(module, at);
	const char *kinds;
	uint32_t id = dwarf_fixed(&in, 4);
	uint8_t version = dwarf_byte(&in);

	kinds = (const char *)in.at;
	dwarf_skip(&in, strnlen(kinds, in.end - in.at) + 1);
	if (in.bad || id || (version != 1 && version != 3))
		return false;
	*cie = (struct cie){.code_align = dwarf_uleb(&in)};
	cie->data_align = dwarf_sleb(&in);
	if ((version == 1 ? dwarf_byte(&in) : dwarf_uleb(&in)) != DWARF_RA)
		return false;
	if (*kinds == 'z')
		read_augmentation(&in, kinds, cie);
	else if (*kinds)
		return false;
	cie->code = in;
	return !in.bad;
}

enum ra { RA_ELSEWHERE, RA_AT_CFA, RA_UNDEFINED };

struct row {
	struct dwarf_value cfa; /* base 0 when not known */
	enum ra ra;
	enum rule_rbp rbp_kind;
	int64_t rbp;
	bool rsp_moved; /* the caller's rsp is not the CFA */
};

/* The register was saved at CFA + offset. */
static void set_offset(struct row *row, uint64_t reg, int64_t offset)
{
	if (reg == DWARF_RA) {
		row->ra = offset == -8 ? RA_AT_CFA : RA_ELSEWHERE;
	} else if (reg == DWARF_RBP) {
		row->rbp_kind = RBP_AT_CFA;
		row->rbp = offset;
	} else if (reg == DWARF_RSP) {
		row->rsp_moved = true;
	}
}

/* The register was saved in a way that is not tracked. */
static void set_lost(struct row *row, uint64_t reg)
{
	if (reg == DWARF_RA)
		row->ra = RA_ELSEWHERE;
	else if (reg == DWARF_RBP)
		row->rbp_kind = RBP_LOST;
	else if (reg == DWARF_RSP)
		row->rsp_moved = true;
}

static void set_like(struct row *row, uint64_t reg, const struct row *from)
{
	if (reg == DWARF_RA) {
		row->ra = from->ra;
	} else if (reg == DWARF_RBP) {
		row->rbp_kind = from->rbp_kind;
		row->rbp = from->rbp;
	} else if (reg == DWARF_RSP) {
		row->rsp_moved = from->rsp_moved;
	}
}

static void set_cfa(struct row *row, uint64_t reg, int64_t offset)
{
	bool known = reg == DWARF_RSP || reg == DWARF_RBP;

	row->cfa =
		(struct dwarf_value){.base = known ? reg : 0, .inner = offset};
}

/* The instructions that have their operand in their own byte, and those that
 * name a register. */
static void execute_register(struct dwarf *in, uint8_t op, struct row *row,
			     const struct cie *cie, const struct row *first)
{
	uint64_t reg = op & 0xc0 ? op & 0x3f : dwarf_uleb(in);

	switch (op & 0xc0 ? op & 0xc0 : op) {
	case 0x80: /* offset */
	case 0x05: /* offset_extended */
		set_offset(row, reg, dwarf_uleb(in) * cie->data_align);
		break;
	case 0x11: /* offset_extended_sf */
		set_offset(row, reg, dwarf_sleb(in) * cie->data_align);
		break;
	case 0x2f: /* GNU_negative_offset_extended */
		set_offset(row, reg, -(dwarf_uleb(in) * cie->data_align));
		break;
	case 0xc0: /* restore */
	case 0x06: /* restore_extended */
		set_like(row, reg, first);
		break;
	case 0x07: /* undefined */
		set_lost(row, reg);
		if (reg == DWARF_RA)
			row->ra = RA_UNDEFINED;
		break;
	case 0x08: /* same_value */
		set_lost(row, reg);
		if (reg == DWARF_RBP)
			row->rbp_kind = RBP_SAME;
		break;
	case 0x09: /* register */
	case 0x14: /* val_offset */
		set_lost(row, reg);
		dwarf_uleb(in);
		break;
	case 0x15: /* val_offset_sf */
		set_lost(row, reg);
		dwarf_sleb(in);
		break;
	default:
		in->bad = true;
	}
}

static void execute_cfa(struct dwarf *in, uint8_t op, struct row *row,
			const struct cie *cie, uintptr_t pc)
{
	uint64_t reg;

	switch (op) {
	case 0x0c: /* def_cfa */
		reg = dwarf_uleb(in);
		set_cfa(row, reg, dwarf_uleb(in));
		break;
	case 0x0d: /* def_cfa_register */
		set_cfa(row, dwarf_uleb(in), row->cfa.inner);
		break;
	case 0x0e: /* def_cfa_offset */
		row->cfa.inner = dwarf_uleb(in);
		break;
	case 0x12: /* def_cfa_sf */
		reg = dwarf_uleb(in);
		set_cfa(row, reg, dwarf_sleb(in) * cie->data_align);
		break;
	case 0x13: /* def_cfa_offset_sf */
		row->cfa.inner = dwarf_sleb(in) * cie->data_align;
		break;
	case 0x0f: /* def_cfa_expression */
		if (!dwarf_evaluate(in, pc, &row->cfa))
			row->cfa.base = 0;
		break;
	}
}

/* expression: the register was saved at what the expression makes;
 * val_expression: it is that. gcc saves rbp so where it realigns the stack. */
static void execute_expression(struct dwarf *in, bool saved, struct row *row,
			       uintptr_t pc)
{
	uint64_t reg = dwarf_uleb(in);
	struct dwarf_value at;

	set_lost(row, reg);
	if (dwarf_evaluate(in, pc, &at) && saved && reg == DWARF_RBP &&
	    at.base == DWARF_RBP && !at.deref) {
		row->rbp_kind = RBP_AT_RBP;
		row->rbp = at.inner;
	}
}

/* How far the address moves on, in code units; -1 when op moves nothing. */
static int64_t advance(struct dwarf *in, uint8_t op)
{
	if ((op & 0xc0) == 0x40)
		return op & 0x3f;
	if (op >= 0x02 && op <= 0x04)
		return dwarf_fixed(in, 1u << (op - 2));
	return -1;
}

/* Runs the instructions until the row for pc is complete. first is the row that
 * the CIE left: "restore" goes back to it. */
static bool execute(const struct cie *cie, struct dwarf in, uintptr_t at,
		    uintptr_t pc, const struct row *first, struct row *row)
{
	struct row saved[STATES];
	unsigned n = 0;

	while (in.at < in.end && !in.bad) {
		uint8_t op = dwarf_byte(&in);
		int64_t step = advance(&in, op);

		if (step >= 0) {
			at += step * cie->code_align;
			if (at > pc)
				return !in.bad;
		} else if (op == 0x01) { /* set_loc */
			at = dwarf_encoded(&in, cie->encoding, 0);
			if (at > pc)
				return !in.bad;
		} else if (op == 0x0a && n < STATES) { /* remember_state */
			saved[n++] = *row;
		} else if (op == 0x0b && n) { /* restore_state */
			*row = saved[--n];
		} else if (op == 0x10 || op == 0x16) {
			execute_expression(&in, op == 0x10, row, pc);
		} else if (op >= 0x0c && op <= 0x13 && op != 0x11) {
			execute_cfa(&in, op, row, cie, pc);
		} else if (op == 0x2e) { /* GNU_args_size */
			dwarf_uleb(&in);
		} else if (op) {
			execute_register(&in, op, row, cie, first);
		}
	}
	return !in.bad;
}

static bool fits(int64_t offset, int64_t words)
{
	return offset % 8 == 0 && offset / 8 < words && offset / 8 >= -words;
}

static struct rule pack(const struct row *row)
{
	struct rule rule = {.kind = RULE_UNKNOWN};
	const struct dwarf_value *cfa = &row->cfa;

	if (row->ra == RA_UNDEFINED)
		return (struct rule){.kind = RULE_END};
	if (row->ra != RA_AT_CFA || row->rsp_moved || !cfa->base ||
	    !fits(cfa->inner, 1 << 19) || !fits(cfa->outer, 64) ||
	    cfa->outer < 0)
		return rule;
	rule.kind = cfa->base == DWARF_RSP ? RULE_RSP : RULE_RBP;
	if (cfa->deref)
		rule.kind += RULE_DEREF_RSP - RULE_RSP;
	rule.cfa = cfa->inner / 8;
	rule.extra = cfa->outer / 8;
	rule.rbp_kind = fits(row->rbp, 1 << 16) ? row->rbp_kind : RBP_LOST;
	rule.rbp = row->rbp / 8;
	return rule;
}

/* The row for pc from an FDE. False when it does not cover pc. */
static bool read_fde(uint32_t module, uintptr_t fde, uintptr_t pc,
		     struct rule *rule)
{
	struct dwarf in = fde_entry(module, fde);
	uintptr_t field = (uintptr_t)in.at, start;
	uint64_t back = dwarf_fixed(&in, 4);
	struct row first = {.ra = RA_ELSEWHERE}, row;
	struct cie cie;

	if (in.bad || !back || !read_cie(module, field - back, &cie))
		return true;
	start = dwarf_encoded(&in, cie.encoding, 0);
	if (pc - start >= dwarf_encoded(&in, cie.encoding & 15, 0))
		return false;
	if (cie.augmented)
		dwarf_skip(&in, dwarf_uleb(&in));
	if (in.bad ||
	    !execute(&cie, cie.code, start, UINTPTR_MAX, &first, &first))
		return true;
	row = first;
	if (execute(&cie, in, start, pc, &first, &row))
		*rule = pack(&row);
	return true;
}

/* The kernel gives handlers a return address that leads here: rt_sigreturn. */
static bool is_sigreturn(uint32_t module, uintptr_t at)
{
	static const uint8_t code[] = {0x48, 0xc7, 0xc0, 0x0f, 0,
				       0,    0,	   0x0f, 0x05};

	return module_readable(module, at) >= sizeof(code) &&
	       !memcmp((const void *)at, code, sizeof(code));
}

struct rule cfi_rule(uintptr_t pc, uint32_t module)
{
	/* push %rbp; mov %rsp, %rbp */
	static const struct rule guess = {.kind = RULE_FRAME_POINTER,
					  .cfa = 2,
					  .rbp_kind = RBP_AT_CFA,
					  .rbp = -2};
	struct rule rule = {.kind = RULE_UNKNOWN};
	uintptr_t fde = 0;
	bool bad = false;

	if (is_sigreturn(module, pc + 1))
		return (struct rule){.kind = RULE_SIGNAL};
	if (module && module_get(module)->eh_frame_hdr)
		fde = fde_search(pc, module, &bad);
	if (bad)
		return rule;
	if (!fde || !read_fde(module, fde, pc, &rule))
		return guess;
	return rule;
}
