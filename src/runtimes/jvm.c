/*
 * See jvm.h. The machine and its launcher let go of blocks that they never
 * free: paths, the head of an arena, threads and counters when it ends. No
 * program can do anything about that. So what they allocate by themselves is
 * live. It is not what is allocated for the program: then the stack has a frame
 * of Java code, which lies in no module, or of another library.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include "base/arena.h"
#include "heap/heap_word.h"
#include "process/symbols.h"
#include "runtimes/jvm.h"
#include "scan/blocks.h"
#include "scan/declare.h"
#include "scan/runtime.h"
#include "stack/depot.h"
#include "stack/module.h"
#include "stack/stack.h"

/* What only it exports. */
static const char *const names[] = {"JNI_CreateJavaVM", "JLI_Launch",
				    "gnu_get_libc_version"};

#define NAMES (sizeof names / sizeof *names)

static uint32_t own[NAMES];

static bool is_here(void)
{
	struct symbols_owner machine;

	return symbols_owner(&machine, names[0]);
}

static void find_own(void)
{
	struct symbols_owner owner;
	uint32_t i;

	for (i = 0; i < NAMES; i++)
		own[i] =
			symbols_owner(&owner, names[i])
				? module_find(symbols_address(&owner, names[i]))
				: 0;
}

/* The program itself is the launcher where that has a library. */
static bool is_own(uint32_t module)
{
	uint32_t i;

	for (i = 0; i < NAMES; i++)
		if (module && module == own[i])
			return true;
	return own[1] && module && module_is_program(module);
}

enum verdict { UNKNOWN, OWN, OTHERS };

static enum verdict verdict_of(uint32_t stack)
{
	struct depot_frame frame;

	for (; (stack = stack_outwards(stack)); stack = frame.parent) {
		frame = depot_frame(stack);
		if (!is_own(frame.module))
			return OTHERS;
	}
	return OWN;
}

static int declare(struct arena *arena)
{
	uint32_t stacks = depot_count() + 1, stack;
	uint8_t *verdict = arena_array(arena, stacks, sizeof *verdict);
	uintptr_t block;

	if (!verdict)
		return -ENOMEM;
	find_own();
	for (block = blocks_from(0); block != BLOCK_NONE;
	     block = blocks_from(block + 1)) {
		stack = heap_stack(blocks_word(block));
		if (!stack || stack >= stacks)
			continue;
		if (verdict[stack] == UNKNOWN)
			verdict[stack] = verdict_of(stack);
		if (verdict[stack] == OWN)
			declare_live(block);
	}
	return 0;
}

const struct runtime runtime_jvm = {
	.name = "java",
	.is_here = is_here,
	.declare = declare,
};
