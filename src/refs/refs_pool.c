/*
 * Blocks that the program's own allocator carves from a block that we record.
 * The table has one record for an address. When a pool hands out the very
 * beginning of its memory, the record there is kept here meanwhile. The rest of
 * the memory stands as a block of its own, which is read as live.
 *
 * Any thread, inside the guard. The memory of one pool is used by one thread at
 * a time.
 */
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "refs/refs_block.h"
#include "refs/refs_table.h"

static uintptr_t after(uintptr_t p, size_t size)
{
	return (p + (size ? size : 1) + 15) & ~15ul;
}

/* Notes that blocks were carved from the block at `at`, or that `was` was
 * recorded there before. */
static void note(uintptr_t at, const struct heap_entry *was)
{
	struct ref_shard *shard;
	struct ref_block *block;

	if (!heap_shadow((const void *)at))
		return;
	block = refs_block_take(at, &shard);
	if (!block)
		return;
	block->is_pool = true;
	if (was) {
		block->end = was->address + was->size;
		block->word = was->word.bits;
	}
	shard_drop(shard);
}

bool refs_pool_used;

bool refs_pool_around(uintptr_t p, size_t size, struct heap_entry *outer)
{
	refs_pool_used = true;
	return heap_find((const void *)p, outer) &&
	       (outer->address != p || (outer->size > size && !(p % 16)));
}

void refs_pool_made(uintptr_t p, size_t size, const struct heap_entry *outer)
{
	uintptr_t rest = after(p, size), end = p + outer->size;
	struct heap_entry there;

	if (outer->address != p) {
		note(outer->address, NULL);
		return;
	}
	note(p, outer);
	if (rest < end &&
	    (!heap_find((const void *)rest, &there) || there.address != rest))
		heap_record((const void *)rest, end - rest,
			    heap_stack(outer->word), HEAP_IGNORED);
}

bool refs_pool_leave(uintptr_t p, struct heap_entry *outer)
{
	struct ref_shard *shard = shard_take(p);
	struct ref_block *block =
		shard ? table_find(shard, REFS_BLOCKS, p) : NULL;
	bool was = block && block->end;

	if (was) {
		outer->address = p;
		outer->size = block->end - p;
		outer->word.bits = block->word;
		block->is_pool = false;
		block->end = 0;
	}
	if (shard)
		shard_drop(shard);
	return was;
}

void refs_pool_back(const struct heap_entry *outer, size_t size)
{
	const void *p = (const void *)outer->address;
	uintptr_t rest = after(outer->address, size);
	struct heap_entry there;

	if (heap_find((const void *)rest, &there) && there.address == rest &&
	    there.word.bits & HEAP_IGNORED) {
		heap_erase((const void *)rest, &there.size);
		if (there.word.bits & HEAP_SHADOW)
			refs_drop_block(rest, there.size);
	}
	heap_restore(p, outer->word, outer->size);
	note(outer->address, NULL);
}
