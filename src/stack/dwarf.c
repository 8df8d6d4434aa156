/*
 * See dwarf.h.
 */
#include <stddef.h>
#include <string.h>
#include "stack/dwarf.h"

uint64_t dwarf_fixed(struct dwarf *in, unsigned bytes)
{
	uint64_t value = 0;

	if ((size_t)(in->end - in->at) < bytes) {
		in->bad = true;
		in->at = in->end;
		return 0;
	}
	memcpy(&value, in->at, bytes);
	in->at += bytes;
	return value;
}

static int64_t fixed_signed(struct dwarf *in, unsigned bytes)
{
	unsigned unused = 64 - 8 * bytes;

	return (int64_t)(dwarf_fixed(in, bytes) << unused) >> unused;
}

uint64_t dwarf_uleb(struct dwarf *in)
{
	uint64_t value = 0, byte;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		byte = dwarf_byte(in);
		value |= (byte & 127) << shift;
		if (byte < 128)
			return value;
	}
	in->bad = true;
	return 0;
}

int64_t dwarf_sleb(struct dwarf *in)
{
	uint64_t value = 0, byte;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		byte = dwarf_byte(in);
		value |= (byte & 127) << shift;
		if (byte < 128) {
			if (byte & 64 && shift < 57)
				value |= -1ull << (shift + 7);
			return value;
		}
	}
	in->bad = true;
	return 0;
}

void dwarf_skip(struct dwarf *in, uint64_t bytes)
{
	if (bytes > (size_t)(in->end - in->at)) {
		in->bad = true;
		bytes = in->end - in->at;
	}
	in->at += bytes;
}

uint64_t dwarf_encoded(struct dwarf *in, uint8_t encoding, uintptr_t data)
{
	static const int8_t width[16] = {8, 0, 2,  4,  8,  0, 0, 0,
					 0, 0, -2, -4, -8, 0, 0, 0};
	uint64_t value = (uintptr_t)in->at;
	int n = width[encoding & 15];

	switch (encoding & 0x70) {
	case 0x00:
		value = 0;
		break;
	case 0x10:
		break;
	case 0x30:
		value = data;
		break;
	default:
		in->bad = true;
	}
	if (encoding == 0xff)
		return 0;
	if ((encoding & 15) == 1)
		return value + dwarf_uleb(in);
	if ((encoding & 15) == 9)
		return value + dwarf_sleb(in);
	if (!n)
		in->bad = true;
	return value +
	       (n < 0 ? (uint64_t)fixed_signed(in, -n) : dwarf_fixed(in, n));
}

/* a op b for plain numbers. A number may be added to any value. */
static bool combine(uint8_t op, struct dwarf_value *a,
		    const struct dwarf_value *b)
{
	bool plain = !a->base && !a->deref;

	if (b->base || b->deref || (op != 0x22 && op != 0x1c && !plain))
		return false;
	switch (op) {
	case 0x1a: /* and */
		a->inner &= b->inner;
		return true;
	case 0x1c: /* minus */
	case 0x22: /* plus */
		*(a->deref ? &a->outer : &a->inner) +=
			op == 0x22 ? b->inner : -b->inner;
		return true;
	case 0x24: /* shl */
		a->inner = (uint64_t)a->inner << (b->inner & 63);
		return true;
	case 0x2a: /* ge */
		a->inner = a->inner >= b->inner;
		return true;
	}
	return false;
}

static bool push_operand(struct dwarf *in, uint8_t op, uintptr_t pc,
			 struct dwarf_value *top)
{
	*top = (struct dwarf_value){0};
	if (op >= 0x30 && op <= 0x4f) { /* lit */
		top->inner = op - 0x30;
	} else if (op >= 0x08 && op <= 0x0f) { /* const */
		unsigned bytes = 1u << (op - 8) / 2;

		top->inner = op & 1 ? fixed_signed(in, bytes)
				    : (int64_t)dwarf_fixed(in, bytes);
	} else if (op == 0x10 || op == 0x11) { /* constu, consts */
		top->inner = op & 1 ? dwarf_sleb(in) : (int64_t)dwarf_uleb(in);
	} else if (op >= 0x70 && op <= 0x8f) { /* breg */
		top->inner = dwarf_sleb(in);
		if (op - 0x70 == DWARF_RA)
			top->inner += pc;
		else if (op - 0x70 == DWARF_RBP || op - 0x70 == DWARF_RSP)
			top->base = op - 0x70;
		else
			return false;
	} else {
		return false;
	}
	return true;
}

bool dwarf_evaluate(struct dwarf *code, uintptr_t pc,
		    struct dwarf_value *result)
{
	uint64_t length = dwarf_uleb(code);
	struct dwarf in = {code->at, code->at, false};
	struct dwarf_value stack[4] = {{0}};
	unsigned n = 0;

	dwarf_skip(code, length);
	in.end = code->at;
	while (in.at < in.end && !in.bad) {
		uint8_t op = dwarf_byte(&in);

		if (op == 0x06 && n && stack[n - 1].base &&
		    !stack[n - 1].deref) {
			stack[n - 1].deref = true;
		} else if (op == 0x23 && n) { /* plus_uconst */
			struct dwarf_value plus = {.inner = dwarf_uleb(&in)};

			combine(0x22, &stack[n - 1], &plus);
		} else if (n >= 2 &&
			   combine(op, &stack[n - 2], &stack[n - 1])) {
			n--;
		} else if (n == 4 || !push_operand(&in, op, pc, &stack[n])) {
			return false;
		} else {
			n++;
		}
	}
	*result = stack[0];
	return n == 1 && !in.bad && !code->bad;
}
