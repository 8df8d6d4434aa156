/*
 * See filter.h. The language is that of the kernel's seccomp_check_filter():
 * 32-bit words, loads from struct seccomp_data alone, and forward jumps alone,
 * so that every run ends.
 */
#include <stddef.h>
#include <string.h>
#include "base/filter.h"

/* Codes whose arguments need no check. */
static bool is_plain(uint16_t code)
{
	switch (code) {
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_IMM:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
	case BPF_RET | BPF_A:
	case BPF_RET | BPF_K:
		return true;
	}
	return false;
}

static bool is_arithmetic(const struct sock_filter *at)
{
	bool constant = BPF_SRC(at->code) == BPF_K;

	switch (BPF_OP(at->code)) {
	case BPF_DIV:
		return !constant || at->k;
	case BPF_LSH:
	case BPF_RSH:
		return !constant || at->k < 32;
	case BPF_ADD:
	case BPF_SUB:
	case BPF_MUL:
	case BPF_AND:
	case BPF_OR:
	case BPF_XOR:
		return true;
	case BPF_NEG:
		return constant;
	}
	return false;
}

/* left: how many instructions follow this one. */
static bool is_jump(const struct sock_filter *at, uint32_t left)
{
	switch (BPF_OP(at->code)) {
	case BPF_JA:
		return at->k < left;
	case BPF_JEQ:
	case BPF_JGE:
	case BPF_JGT:
	case BPF_JSET:
		return at->jt < left && at->jf < left;
	}
	return false;
}

static bool is_known(const struct sock_filter *at, uint32_t left)
{
	if (is_plain(at->code))
		return true;
	switch (at->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return at->k < sizeof(struct seccomp_data) && at->k % 4 == 0;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
		return at->k < BPF_MEMWORDS;
	}
	if (at->code & ~(BPF_CLASS(-1) | BPF_OP(-1) | BPF_SRC(-1)))
		return false;
	if (BPF_CLASS(at->code) == BPF_ALU)
		return is_arithmetic(at);
	return BPF_CLASS(at->code) == BPF_JMP && is_jump(at, left);
}

bool filter_is_valid(const struct sock_filter *program, uint32_t n)
{
	uint32_t i;

	if (!n || n > BPF_MAXINSNS || BPF_CLASS(program[n - 1].code) != BPF_RET)
		return false;
	for (i = 0; i < n; i++)
		if (!is_known(&program[i], n - 1 - i))
			return false;
	return true;
}

struct machine {
	uint32_t a, x, mem[BPF_MEMWORDS];
	const struct seccomp_data *data;
};

/* False: division by 0, for which the kernel ends the run with 0. */
static bool calculate(struct machine *m, const struct sock_filter *at)
{
	uint32_t by = BPF_SRC(at->code) == BPF_K ? at->k : m->x;

	switch (BPF_OP(at->code)) {
	case BPF_ADD:
		m->a += by;
		break;
	case BPF_SUB:
		m->a -= by;
		break;
	case BPF_MUL:
		m->a *= by;
		break;
	case BPF_DIV:
		if (!by)
			return false;
		m->a /= by;
		break;
	case BPF_AND:
		m->a &= by;
		break;
	case BPF_OR:
		m->a |= by;
		break;
	case BPF_XOR:
		m->a ^= by;
		break;
	case BPF_LSH:
		m->a <<= by & 31;
		break;
	case BPF_RSH:
		m->a >>= by & 31;
		break;
	case BPF_NEG:
		m->a = -m->a;
		break;
	}
	return true;
}

/* How many instructions to skip. */
static uint32_t jump(const struct machine *m, const struct sock_filter *at)
{
	uint32_t with = BPF_SRC(at->code) == BPF_K ? at->k : m->x;
	bool yes = false;

	switch (BPF_OP(at->code)) {
	case BPF_JA:
		return at->k;
	case BPF_JEQ:
		yes = m->a == with;
		break;
	case BPF_JGE:
		yes = m->a >= with;
		break;
	case BPF_JGT:
		yes = m->a > with;
		break;
	case BPF_JSET:
		yes = m->a & with;
		break;
	}
	return yes ? at->jt : at->jf;
}

static uint32_t load(const struct machine *m, const struct sock_filter *at)
{
	uint32_t word;

	switch (BPF_MODE(at->code)) {
	case BPF_IMM:
		return at->k;
	case BPF_MEM:
		return m->mem[at->k];
	case BPF_LEN:
		return sizeof *m->data;
	}
	memcpy(&word, (const char *)m->data + at->k, sizeof word);
	return word;
}

uint32_t filter_run(const struct sock_filter *program, uint32_t n,
		    const struct seccomp_data *data)
{
	struct machine m = {.data = data};
	const struct sock_filter *at, *end = program + n;

	for (at = program; at < end; at++) {
		switch (BPF_CLASS(at->code)) {
		case BPF_LD:
			m.a = load(&m, at);
			break;
		case BPF_LDX:
			m.x = load(&m, at);
			break;
		case BPF_ST:
			m.mem[at->k] = m.a;
			break;
		case BPF_STX:
			m.mem[at->k] = m.x;
			break;
		case BPF_ALU:
			if (!calculate(&m, at))
				return 0;
			break;
		case BPF_JMP:
			at += jump(&m, at);
			break;
		case BPF_RET:
			return BPF_RVAL(at->code) == BPF_A ? m.a : at->k;
		case BPF_MISC:
			if (BPF_MISCOP(at->code) == BPF_TAX)
				m.x = m.a;
			else
				m.a = m.x;
			break;
		}
	}
	return SECCOMP_RET_KILL_PROCESS;
}

/* The lower action as a signed number; the kernel's enum is made for that. */
uint32_t filter_stricter(uint32_t a, uint32_t b)
{
	return (int32_t)(b & SECCOMP_RET_ACTION_FULL) <
			       (int32_t)(a & SECCOMP_RET_ACTION_FULL)
		       ? b
		       : a;
}
