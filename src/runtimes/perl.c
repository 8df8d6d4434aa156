/*
 * See perl.h. Perl cuts its values from blocks that it never gives back. A
 * value that was freed still has the address of its string, also when it is in
 * use again, but has no type yet. Soon malloc gives that memory to somebody
 * else, whose leak the word would hide. So that word owns nothing.
 *
 * Such a block is known by the function that allocates it and by its first
 * slot, which is no value: the number of slots stands where the others have
 * their count (5.10 to 5.42).
 *
 * Snapshot child only.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "process/symbols.h"
#include "runtimes/perl.h"
#include "scan/blocks.h"
#include "scan/declare.h"
#include "scan/fault.h"
#include "scan/runtime.h"
#include "stack/depot.h"
#include "stack/stack.h"

#define TYPE 0xffu /* of flags; all of these bits: free */
#define DEPTH 4	   /* malloc and Perl's own allocator stand before it */
#define BLOCK_SIZE 4080u

struct slot {
	uint64_t body; /* of a free one: the next that is; of the first: the
			* next block */
	uint32_t count, flags;
	uint64_t value;
};
#define SLOTS (BLOCK_SIZE / sizeof(struct slot))

static uintptr_t maker, maker_end;

static bool is_here(void)
{
	struct symbols_owner owner;

	if (!symbols_owner(&owner, "PL_curinterp"))
		return false;
	maker = symbols_range(&owner, "Perl_more_sv", &maker_end);
	return maker;
}

static bool is_made_there(uint32_t stack)
{
	struct depot_frame frame;
	unsigned i;

	for (i = 0; i < DEPTH && (stack = stack_outwards(stack)); i++) {
		frame = depot_frame(stack);
		if (frame.pc >= maker && frame.pc < maker_end)
			return true;
		stack = frame.parent;
	}
	return false;
}

static bool has_no_value(const struct slot *slot)
{
	uint32_t type = slot->flags & TYPE;

	return type == TYPE || (!type && !slot->body);
}

static int declare_slots(uintptr_t block)
{
	struct slot slots[SLOTS];
	uintptr_t at;
	uint32_t i;
	int err;

	fault_copy(slots, block, sizeof slots);
	if (slots[0].count != SLOTS || slots[0].flags)
		return 0;
	for (i = 1; i < SLOTS; i++) {
		if (!has_no_value(&slots[i]))
			continue;
		at = block + i * sizeof *slots + offsetof(struct slot, value);
		err = declare_weak(at, at + sizeof slots->value);
		if (err)
			return err;
	}
	return 0;
}

static int declare(struct arena *arena)
{
	uintptr_t block;
	int err;

	(void)arena;
	for (block = blocks_from(0); block != BLOCK_NONE;
	     block = blocks_from(block + 1)) {
		struct heap_word word = blocks_word(block);

		if (heap_size(block, word) != BLOCK_SIZE ||
		    !is_made_there(heap_stack(word)))
			continue;
		err = declare_slots(block);
		if (err)
			return err;
	}
	return 0;
}

const struct runtime runtime_perl = {
	.name = "perl",
	.is_here = is_here,
	.declare = declare,
};
