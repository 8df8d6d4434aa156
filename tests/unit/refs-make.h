/* Blocks to tell refs of. Addresses are numbers here; "blocks" are records of
 * the heap's table. */
#ifndef REFS_MAKE_H
#define REFS_MAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "refs/refs.h"

#define BASE 0x200000000ul

/* Stacks are numbers, too. */
enum { MADE = 1, HERE, THERE, TAKE, GIVE, ELSEWHERE };

/* Each test has blocks of its own. */
static inline uintptr_t block(size_t size)
{
	static uintptr_t next = BASE;
	uintptr_t at = next;

	next += (size + 4095) & ~4095ul;
	heap_record((const void *)at, size, MADE, 0);
	return at;
}

static inline void release_block(uintptr_t at)
{
	size_t size;
	struct heap_word word = heap_erase((const void *)at, &size);

	if (word.bits & HEAP_SHADOW)
		refs_freed(at, size);
}

static inline int64_t count(uintptr_t p)
{
	const struct ref_object *object = refs_find(p);

	return object && object->counted ? refs_count(object) : -1;
}

/* How many more acquires than releases a stack has. */
static inline int64_t balance(uintptr_t p, uint32_t stack)
{
	const struct ref_object *object = refs_find(p);
	const struct ref_entry *entry = object ? object->entries : NULL;

	for (; entry; entry = entry->next)
		if (entry->stack == stack)
			return (int64_t)entry->acquires - entry->releases;
	return 0;
}

static inline int begin(void **state)
{
	(void)state;
	return heap_init(16) || refs_init();
}

#endif
