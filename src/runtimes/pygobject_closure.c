/*
 * See pygobject_closure.h. PyGObject makes a closure for a function of Python
 * that C is to call: a block with the function (PyGICClosure). libffi makes the
 * code for it, in memory of its own that leads back to the closure. So a root
 * would hold each closure for ever. C is given that code and the closure as its
 * data, which a notifier frees. A block that has both, side by side, is who
 * owns the closure (a probe of a pad, a source's callback). Where no block has
 * both, libffi's memory is believed: nothing else leads to a method of a class.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/large.h"
#include "base/list.h"
#include "process/symbols.h"
#include "runtimes/pygobject_closure.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/declare.h"
#include "scan/fault.h"
#include "scan/read.h"

/* In PyGICClosure. */
#define LIBFFI 16 /* the address of libffi's part */
#define CALL 24	  /* how it is called: an ffi_cif */
#define LEAST 80u
#define MOST 128u
/* In libffi's part, GIClosureWrapper. */
#define THEIR_CALL 32
#define THEIR_DATA 48 /* the closure */
#define THEMSELVES 56
#define THEIR_CODE 64

#define BESIDE 64u /* bytes between the code and its data */

static struct list closures LARGE; /* addresses, in their order */
static int failed;

/* libffi's part of a closure; 0: the block is none. */
static uintptr_t part_of(uintptr_t block)
{
	uint64_t size = blocks_size(block);
	uintptr_t part;

	if (size < LEAST || size > MOST)
		return 0;
	part = fault_word(block + LIBFFI);
	return part && part < FAULT_ADDRESSES &&
			       fault_word(part + THEIR_CALL) == block + CALL &&
			       fault_word(part + THEIR_DATA) == block &&
			       fault_word(part + THEMSELVES) == part
		       ? part
		       : 0;
}

/* Whether the block has that word within BESIDE bytes of at. */
static bool has_beside(uintptr_t block, uintptr_t at, uint64_t word)
{
	uintptr_t low = at - block > BESIDE ? at - BESIDE : block;
	uintptr_t end = block + blocks_size(block);

	for (; low + 8 <= end && low <= at + BESIDE; low += 8)
		if (fault_word(low) == word)
			return true;
	return false;
}

static void look_at(uintptr_t at, uintptr_t word, void *data)
{
	uintptr_t block = *(const uintptr_t *)data, part;

	if (!list_has_address(&closures, word) || word == block)
		return;
	part = part_of(word);
	if (has_beside(block, at, fault_word(part + THEIR_CODE)) &&
	    declare_weak(part + THEIR_CALL, part + THEMSELVES))
		failed = -ENOMEM;
}

static void all_collect(void)
{
	uintptr_t block;

	for (block = blocks_from(0); block != BLOCK_NONE;
	     block = blocks_from(block + 1))
		if (part_of(block) &&
		    !list_add(&closures, &block, sizeof block))
			failed = -ENOMEM;
}

static bool some_exist(void)
{
	const uintptr_t *first = blocks_first.list;
	uint32_t i;

	for (i = 0; i < blocks_first.n; i++)
		if (part_of(first[i]))
			return true;
	return false;
}

int pygobject_closures(void)
{
	struct symbols_owner owner;
	uintptr_t block;

	failed = 0;
	if (!symbols_owner(&owner, "PyInit__gi") || !some_exist())
		return 0;
	all_collect();
	for (block = blocks_from(0); block != BLOCK_NONE && !failed;
	     block = blocks_from(block + 1))
		read_block(block, look_at, &block);
	list_free(&closures, sizeof block);
	return failed;
}
