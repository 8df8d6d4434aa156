/*
 * See own.h. The Java machine and its launcher let go of blocks that they never
 * free: paths, the head of an arena, threads and counters when it ends. So does
 * Ruby of what its compiler has made. No program can do anything about that. So
 * what they allocate by themselves is live. It is not what is allocated for the
 * program: then the stack has a frame of another library, or one of Java code,
 * which lies in no module.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include <stddef.h>
#include "base/arena.h"
#include "heap/heap_word.h"
#include "process/symbols.h"
#include "runtimes/own.h"
#include "scan/blocks.h"
#include "scan/declare.h"
#include "scan/runtime.h"
#include "stack/depot.h"
#include "stack/module.h"
#include "stack/stack.h"

#define NAMES 3
#define LIVES 7

struct own {
	uint32_t modules[NAMES];
	bool launched;	/* the program is the launcher */
	bool generated; /* code in no module is its own, too */
	struct {
		uintptr_t low, high;
	} lives[LIVES]; /* functions in which it lives, whoever calls them */
	struct {
		uintptr_t low, high;
	} loads; /* the function that calls extensions' first functions */
};

enum verdict { UNKNOWN, OWN, OTHERS };

static bool has(const char *name)
{
	struct symbols_owner owner;

	return symbols_owner(&owner, name);
}

/* Modules that export these names. */
static void find_modules(struct own *own, const char *const *names)
{
	struct symbols_owner owner;
	size_t i;

	for (i = 0; i < NAMES && names[i]; i++)
		if (symbols_owner(&owner, names[i]))
			own->modules[i] =
				module_find(symbols_address(&owner, names[i]));
}

static void find_loads(struct own *own, const char *name)
{
	struct symbols_owner owner;

	if (symbols_owner(&owner, name))
		own->loads.low = symbols_range(&owner, name, &own->loads.high);
}

static void find_lives(struct own *own, const char *const *names)
{
	struct symbols_owner owner;
	size_t i;

	for (i = 0; i < LIVES && names[i]; i++)
		if (symbols_owner(&owner, names[i]))
			own->lives[i].low = symbols_range(&owner, names[i],
							  &own->lives[i].high);
}

static bool is_own(const struct own *own, uint32_t module)
{
	size_t i;

	if (!module)
		return own->generated;
	for (i = 0; i < NAMES; i++)
		if (module == own->modules[i])
			return true;
	return own->launched && module_is_program(module);
}

static bool lives_in(const struct own *own, uintptr_t pc)
{
	size_t i;

	for (i = 0; i < LIVES; i++)
		if (pc >= own->lives[i].low && pc < own->lives[i].high)
			return true;
	return false;
}

static bool is_loading(const struct own *own, uint32_t stack)
{
	uintptr_t pc = stack ? depot_frame(stack).pc : 0;

	return pc >= own->loads.low && pc < own->loads.high;
}

/* What the runtime makes while it loads an extension is its own, methods, say:
 * the extension stays loaded. */
static enum verdict verdict_of(const struct own *own, uint32_t stack)
{
	struct depot_frame frame;
	bool inside = false;

	for (; (stack = stack_outwards(stack)); stack = frame.parent) {
		frame = depot_frame(stack);
		if (!is_own(own, frame.module))
			return inside && is_loading(own, frame.parent) ? OWN
								       : OTHERS;
		inside = true;
		if (lives_in(own, frame.pc))
			return OWN;
	}
	return OWN;
}

static int declare_own(struct arena *arena, const struct own *own)
{
	uint32_t stacks = depot_count() + 1, stack;
	uint8_t *verdict = arena_array(arena, stacks, sizeof *verdict);
	uintptr_t block;

	if (!verdict)
		return -ENOMEM;
	for (block = blocks_from(0); block != BLOCK_NONE;
	     block = blocks_from(block + 1)) {
		stack = heap_stack(blocks_word(block));
		if (!stack || stack >= stacks)
			continue;
		if (verdict[stack] == UNKNOWN)
			verdict[stack] = verdict_of(own, stack);
		if (verdict[stack] == OWN)
			declare_live(block);
	}
	return 0;
}

static bool jvm_is_here(void)
{
	return has("JNI_CreateJavaVM");
}

static int declare_jvm(struct arena *arena)
{
	static const char *const names[NAMES] = {
		"JNI_CreateJavaVM", "JLI_Launch", "gnu_get_libc_version"};
	struct own own = {0};

	find_modules(&own, names);
	own.launched = own.modules[1];
	return declare_own(arena, &own);
}

const struct runtime runtime_jvm = {
	.name = "java",
	.is_here = jvm_is_here,
	.declare = declare_jvm,
};

static bool ruby_is_here(void)
{
	return has("ruby_sig_finalize");
}

/* In no module is what its own compiler has made. */
static int declare_ruby(struct arena *arena)
{
	static const char *const names[NAMES] = {"ruby_sig_finalize",
						 "gnu_get_libc_version"};
	static const char *const lives[LIVES] = {
		"ruby_init",	     "ruby_options",   "ruby_run_node",
		"rb_protect",	     "rb_eval_string", "rb_require",
		"ruby_init_loadpath"};
	struct own own = {.generated = true};

	find_modules(&own, names);
	find_lives(&own, lives);
	find_loads(&own, "dln_load");
	return declare_own(arena, &own);
}

const struct runtime runtime_ruby = {
	.name = "ruby",
	.is_here = ruby_is_here,
	.declare = declare_ruby,
};
