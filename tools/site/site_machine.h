/*
 * What is known of the registers and of a function's part of the stack at one
 * instruction.
 */
#ifndef SITE_MACHINE_H
#define SITE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct type;

enum value_kind {
	VALUE_UNKNOWN, /* a multiple of scale, and offset */
	VALUE_NUMBER,  /* offset */
	VALUE_BLOCK,   /* so far behind the start of the block */
	VALUE_STACK,   /* so far from the CFA, where the frame begins */
	VALUE_POINTER, /* so far behind the start of a type */
	VALUE_ADDRESS, /* an address in the module */
	VALUE_SYMBOL,  /* so far behind the start of another module's symbol */
};

struct value {
	enum value_kind kind;
	unsigned argument; /* it was the function's Nth, from 1; or 0 */
	int64_t offset;
	/* At least 1. Of what is unknown; of another kind it is so many times
	 * something more, when it is not 1. */
	uint64_t scale;
	uint64_t origin; /* what is unknown, or a pointer, began there; or 0 */
	const struct type *type;
	const char *name;
};

struct slot {
	int64_t at; /* from the CFA */
	struct value value;
};

#define SLOTS_MAX 48
#define HELD_MAX 4

/* Where, but on the stack, the block was stored since the last call. */
struct held {
	struct value address;
	int64_t offset; /* behind the block's start */
};

/* By the numbers that the instructions use. */
enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R15 = 15 };
enum { REGISTERS = 16 };

enum flags { FLAGS_UNKNOWN, FLAGS_ZERO, FLAGS_NOT_ZERO };

struct machine {
	struct value registers[REGISTERS];
	struct value wide[REGISTERS][2]; /* the halves of xmm0 and so on */
	enum flags flags; /* of the last comparison with nothing */
	size_t slots_n;
	struct slot slots[SLOTS_MAX];
	size_t held_n;
	struct held held[HELD_MAX];
};

static inline struct value value_of(enum value_kind kind, int64_t offset)
{
	return (struct value){.kind = kind, .offset = offset, .scale = 1};
}

static inline int64_t negative(int64_t number)
{
	return (int64_t)(0 - (uint64_t)number);
}

#define UNKNOWN value_of(VALUE_UNKNOWN, 0)

/* Nothing is known. */
void machine_clear(struct machine *machine);
/* After a call: what a function may overwrite is unknown. */
void machine_clobber(struct machine *machine);

/* NULL: nothing was stored there. */
const struct value *slot_find(const struct machine *machine, int64_t at);
void slot_set(struct machine *machine, int64_t at, struct value value);
/* Size bytes there are unknown now. */
void slot_drop(struct machine *machine, int64_t at, uint64_t size);

/* The same place, whatever it is. */
bool value_is_same(const struct value *a, const struct value *b);
/* NULL: the block is not there. */
const struct held *held_find(const struct machine *machine,
			     const struct value *address);
/* A value is stored there. */
void held_set(struct machine *machine, const struct value *address,
	      const struct value *value);

/* Sums wrap around, as the processor's do. */
struct value value_add(struct value a, struct value b);
struct value value_move(struct value value, int64_t by);
struct value value_times(struct value value, uint64_t factor);
/* Divided by so many times two, where nothing remains. */
struct value value_share(struct value value, int64_t shift);
/* Between two pointers to elements of one array. */
struct value value_distance(const struct value *a, const struct value *b);
/* The lower half of the register is kept, the upper is 0. */
struct value value_half(struct value value);

static inline bool value_is_block(const struct value *value)
{
	return value->kind == VALUE_BLOCK;
}

#endif
