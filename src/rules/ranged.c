/*
 * See ranged.h. A function allocates a block when it is the innermost function
 * of the block's stack that its library exports; helpers that are not exported
 * are passed over. What another library, or the program, allocates for it is
 * not meant: nobody knows what that is.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/statement.h"
#include "heap/heap_word.h"
#include "process/dynamic.h"
#include "rules/ranged.h"
#include "rules/rulings.h"
#include "scan/blocks.h"
#include "scan/declare.h"
#include "scan/runtime.h"
#include "stack/depot.h"
#include "stack/module.h"
#include "stack/stack.h"

#define RANGES 512
#define LIBRARIES 64
#define HELPERS 8	      /* frames of them */
#define COUNT_MOST (1u << 24) /* more is no count */

static struct extent {
	uintptr_t low, high;
	const struct ruling *ruling;
	uint32_t library;
} ranges[RANGES] LARGE;
static struct library {
	struct dynamic module;
	uint32_t number; /* in module.h, found in the child; 0: none */
} libraries[LIBRARIES] LARGE;
static uint32_t n_ranges, n_libraries;

void ranged_begin(void)
{
	n_ranges = n_libraries = 0;
}

static bool is_meant(const struct ruling *ruling, const char *name)
{
	return (ruling->kind == STATEMENT_COUNT ||
		ruling->kind == STATEMENT_WEAK ||
		ruling->kind == STATEMENT_WEAK_SYMBOL) &&
	       (!ruling->library || rulings_is_library(name, ruling->library));
}

void ranged_add(const struct dynamic *module, const char *name)
{
	const struct ruling *rulings;
	uint32_t i, n, symbol, before = n_ranges;

	if (n_libraries == LIBRARIES)
		return;
	rulings = rulings_all(&n);
	for (i = 0; i < n; i++) {
		if (!is_meant(&rulings[i], name))
			continue;
		symbol = dynamic_find(module, rulings[i].name, rulings[i].hash,
				      0);
		if (!symbol || n_ranges == RANGES)
			continue;
		ranges[n_ranges].low =
			module->base + module->symbols[symbol].st_value;
		ranges[n_ranges].high =
			ranges[n_ranges].low + module->symbols[symbol].st_size;
		ranges[n_ranges].ruling = &rulings[i];
		ranges[n_ranges++].library = n_libraries;
	}
	if (n_ranges > before)
		libraries[n_libraries++].module = *module;
}

static bool is_here(void)
{
	return n_ranges;
}

/* How many symbols there are, by the table of hashes. */
static uint32_t symbols_n(const struct dynamic *module)
{
	const uint32_t *table = module->hash, *buckets, *chains;
	uint32_t i, last = 0;

	if (!table)
		return 0;
	buckets = table + 4 + table[2] * 2;
	chains = buckets + table[0];
	for (i = 0; i < table[0]; i++)
		last = buckets[i] > last ? buckets[i] : last;
	if (last < table[1])
		return 0;
	while (!(chains[last - table[1]] & 1))
		last++;
	return last + 1;
}

static bool is_exported(const struct dynamic *module, uintptr_t pc)
{
	uint32_t i, n = symbols_n(module);

	for (i = 1; i < n; i++) {
		const ElfW(Sym) *s = &module->symbols[i];

		if (s->st_shndx != SHN_UNDEF &&
		    ELF64_ST_TYPE(s->st_info) == STT_FUNC &&
		    pc - (module->base + s->st_value) < s->st_size)
			return true;
	}
	return false;
}

static const struct ruling *ruling_at(uintptr_t pc)
{
	uint32_t i;

	for (i = 0; i < n_ranges; i++)
		if (ranges[i].ruling->kind != STATEMENT_WEAK_SYMBOL &&
		    pc >= ranges[i].low && pc < ranges[i].high)
			return ranges[i].ruling;
	return NULL;
}

static const struct library *library_of(uint32_t number)
{
	uint32_t i;

	for (i = 0; number && i < n_libraries; i++)
		if (libraries[i].number == number)
			return &libraries[i];
	return NULL;
}

/* What rules say of blocks with that stack; NULL: nothing. */
static const struct ruling *ruling_of(uint32_t stack)
{
	const struct library *library = NULL;
	const struct ruling *ruling;
	struct depot_frame frame;
	unsigned i;

	for (i = 0; i < HELPERS && (stack = stack_outwards(stack)); i++) {
		frame = depot_frame(stack);
		if (!library)
			library = library_of(frame.module);
		if (!library || frame.module != library->number)
			return NULL;
		ruling = ruling_at(frame.pc);
		if (ruling || is_exported(&library->module, frame.pc))
			return ruling;
		stack = frame.parent;
	}
	return NULL;
}

/* What is no number of references is no object: then the rule is wrong, or it
 * is another block of the same function. */
static int declare_count(uintptr_t block, const struct ruling *ruling)
{
	struct declared_object object = {.block = block, .at = block};
	uint64_t count = 0;

	if (ruling->offset + ruling->bits / 8 > blocks_size(block))
		return 0;
	memcpy(&count, (const void *)(block + ruling->offset),
	       ruling->bits / 8);
	if (!count || count > COUNT_MOST)
		return 0;
	object.count = (int64_t)count;
	return declare_object(&object);
}

static int declare_block(uintptr_t block, const struct ruling *ruling)
{
	int err = ruling->kind == STATEMENT_COUNT
			  ? declare_count(block, ruling)
			  : declare_weak(block, block + blocks_size(block));

	return err == -ENOMEM ? err : 0;
}

/* By stack: 1 more than a ruling's number; 0: not known yet; or this. */
#define NOTHING UINT16_MAX

static int declare_blocks(struct arena *arena)
{
	uint32_t n, stacks = depot_count() + 1, stack;
	uint16_t *known = arena_array(arena, stacks, sizeof *known);
	const struct ruling *all = rulings_all(&n), *ruling;
	uintptr_t block;
	int err = known ? 0 : -ENOMEM;

	for (block = blocks_from(0); !err && block != BLOCK_NONE;
	     block = blocks_from(block + 1)) {
		stack = heap_stack(blocks_word(block));
		if (!stack || stack >= stacks || known[stack] == NOTHING)
			continue;
		ruling = known[stack] ? &all[known[stack] - 1]
				      : ruling_of(stack);
		known[stack] = ruling ? ruling - all + 1 : NOTHING;
		if (ruling)
			err = declare_block(block, ruling);
	}
	return err;
}

static int declare(struct arena *arena)
{
	bool blocks = false;
	uint32_t i;
	int err = 0;

	for (i = 0; i < n_libraries; i++)
		libraries[i].number =
			module_find((uintptr_t)libraries[i].module.section);
	for (i = 0; !err && i < n_ranges; i++) {
		if (ranges[i].ruling->kind == STATEMENT_WEAK_SYMBOL)
			err = declare_weak(ranges[i].low, ranges[i].high);
		else
			blocks = true;
	}
	return err || !blocks ? err : declare_blocks(arena);
}

const struct runtime ranged_runtime = {
	.name = "rules",
	.is_here = is_here,
	.declare = declare,
};
