/*
 * See rust.h. The block of an Rc or Arc begins with two counts: of strong
 * pointers, and of weak ones, where all strong ones together are one. A pointer
 * of either kind has the block's address. Nothing else tells such a block from
 * one that begins with two small numbers. So what is declared may be one: the
 * command knows by the types.
 *
 * Rust's standard library, which is in each module that Rust code is compiled
 * to, calls __cxa_thread_atexit_impl() by a weak symbol. C++ has that of its
 * own libraries, and calls another name.
 *
 * Snapshot child only.
 */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <string.h>
#include "base/arena.h"
#include "base/large.h"
#include "process/dynamic.h"
#include "runtimes/alike.h"
#include "runtimes/rust.h"
#include "scan/declare.h"
#include "scan/declared.h"
#include "scan/fault.h"
#include "scan/runtime.h"
#include "stack/depot.h"

#define COUNT_MOST (1ul << 24)
#define BLOCKS_MOST (1u << 19) /* where there are more, none is declared */
#define MODULES 1024u	       /* of more it is asked each time */
#define SYMBOLS_MOST 65536u

struct counts {
	uint64_t strong, weak;
};

/* By module: 0 unknown, 1 no, 2 yes. */
static uint8_t known[MODULES] LARGE;

static uint32_t declared_blocks;

static bool calls_weakly(const struct dynamic *module, const char *name)
{
	uint32_t i, n = module->hash ? module->hash[1] : 0;

	for (i = 1; i < n && i < SYMBOLS_MOST; i++) {
		const ElfW(Sym) *symbol = &module->symbols[i];

		if (symbol->st_shndx == SHN_UNDEF &&
		    ELF64_ST_BIND(symbol->st_info) == STB_WEAK &&
		    !strcmp(module->names + symbol->st_name, name))
			return true;
	}
	return false;
}

static bool is_rust(uintptr_t pc)
{
	struct dynamic module = {0};
	struct dl_find_object found;

	if (_dl_find_object((void *)pc, &found) || !found.dlfo_link_map ||
	    !found.dlfo_link_map->l_ld)
		return false;
	module.base = found.dlfo_link_map->l_addr;
	dynamic_read_section(&module, found.dlfo_link_map->l_ld);
	return module.symbols && module.names &&
	       calls_weakly(&module, "__cxa_thread_atexit_impl");
}

/* Whether code of Rust has made a block of that stack. */
static bool is_of_rust(uint32_t stack)
{
	struct depot_frame frame;
	uint8_t *of;

	if (!stack)
		return false;
	frame = depot_frame(stack);
	if (!frame.module || frame.module >= MODULES)
		return frame.module && is_rust(frame.pc);
	of = &known[frame.module];
	if (!*of)
		*of = is_rust(frame.pc) ? 2 : 1;
	return *of == 2;
}

static bool counts_read(uintptr_t block, uint64_t size, struct counts *counts)
{
	if (size < sizeof *counts)
		return false;
	fault_copy(counts, block, sizeof *counts);
	return counts->strong - 1 < COUNT_MOST && counts->weak - 1 < COUNT_MOST;
}

static bool may_count(uintptr_t block, uint64_t size, uint32_t stack)
{
	struct counts counts;

	return counts_read(block, size, &counts) && is_of_rust(stack);
}

static int declare_block(uintptr_t block, uint64_t size)
{
	struct declared_object object = {
		.block = block,
		.at = block,
		.flags = DECLARED_EXACT | DECLARED_HIDDEN | DECLARED_MAYBE,
	};
	struct counts counts;
	int err;

	if (!counts_read(block, size, &counts))
		return 0;
	object.count = (int64_t)(counts.strong + counts.weak - 1);
	object.weak = (int64_t)counts.weak - 1;
	err = declare_object(&object);
	if (!err && ++declared_blocks > BLOCKS_MOST)
		return -E2BIG;
	return err == -ENOMEM ? err : 0;
}

static struct alike blocks_alike = {
	.is = may_count,
	.declare = declare_block,
};

static bool is_here(void)
{
	return alike_exist(&blocks_alike);
}

static int declare(struct arena *arena)
{
	return alike_declare(&blocks_alike, arena);
}

const struct runtime runtime_rust = {
	.name = "rust",
	.is_here = is_here,
	.declare = declare,
};
