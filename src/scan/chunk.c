/* See chunk.h. */
#include "process/real.h"
#include "scan/chunk.h"
#include "scan/fault.h"

#define IS_MMAPPED 2ul
#define SIZE_BITS 7ul

/* The memory may be gone: given back, or never there. The word before a block
 * that malloc made is the size of its chunk: what checked_request2size() makes
 * of the request, or 16 more. Another chunk follows it, unless the chunk has a
 * mapping of its own. */
bool chunk_is_malloced(uintptr_t block, uint64_t size)
{
	uintptr_t chunk, least = (size + 8 + 15) & ~15ul;

	if (!real_is_glibc || block % 16)
		return false;
	fault_copy(&chunk, block - sizeof chunk, sizeof chunk);
	if (chunk & IS_MMAPPED)
		return false;
	chunk &= ~SIZE_BITS;
	return chunk == (least < 32 ? 32 : least) || chunk == least + 16;
}
