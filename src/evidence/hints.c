/*
 * See hints.h. Snapshot child only.
 */
#include <stdbool.h>
#include <stdint.h>
#include "evidence/evidence.h"
#include "evidence/hints.h"
#include "scan/blocks.h"
#include "scan/read.h"
#include "scan/root.h"
#include "stack/module.h"

/* How much of a block is looked at. */
#define COUNTS_BYTES 4096u
#define POINTS_BYTES 64u

static uint32_t half_at(uintptr_t at)
{
	return *(const volatile uint32_t *)at;
}

uintptr_t hints_end(const struct evidence_member *member, uint64_t bytes)
{
	uintptr_t end =
		member->block + (member->size < bytes ? member->size : bytes);
	uintptr_t inner = blocks_is_outer(member->block)
				  ? blocks_from(member->block + 1)
				  : BLOCK_NONE;

	return inner != BLOCK_NONE && inner < end ? inner : end;
}

/* Whether the half at `at` is part of a word that as a whole leads somewhere:
 * such a half is no number. */
static bool is_in_address(uintptr_t at, uintptr_t low, uintptr_t high)
{
	uintptr_t word = at & -8ul;

	if (word < low || word + 8 > high)
		return false;
	word = read_word(word);
	return word >> 32 && word < 1ul << 47 &&
	       (blocks_find(word) != BLOCK_NONE || module_find(word));
}

static void counts_run(uintptr_t low, uintptr_t high, void *data)
{
	struct evidence_member *member = data;
	uintptr_t at = (low + 3) & -4ul;

	for (; at + 4 <= high; at += 4) {
		if (half_at(at) - 1 >= member->in ||
		    is_in_address(at, low, high))
			continue;
		if (member->counts_n == EVIDENCE_COUNTS)
			return;
		member->value[member->counts_n] = half_at(at);
		member->count[member->counts_n++] = at - member->block;
	}
}

static void visit_point(uintptr_t at, uintptr_t word, void *data)
{
	struct evidence_member *member = data;
	uint32_t module;

	if (blocks_find(word) != BLOCK_NONE)
		return;
	module = module_find(word);
	if (!module)
		return;
	if (at == member->block) {
		member->vtable = word;
		member->vtable_module = module;
		return;
	}
	member->point[member->points_n++] = (struct evidence_point){
		.offset = at - member->block, .module = module, .to = word};
}

void hints_find(struct evidence_member *member)
{
	uintptr_t block = member->block;

	member->counts_n = member->points_n = 0;
	member->vtable = 0;
	member->vtable_module = 0;
	read_range(block, hints_end(member, POINTS_BYTES), ROOT_PRIVATE,
		   visit_point, member);
	if (member->in)
		read_runs(block, hints_end(member, COUNTS_BYTES), ROOT_PRIVATE,
			  counts_run, member);
}
