/*
 * See cpython_buffer.h. A buffered file has the address of its buffer and the
 * size. Much of it was never written, or not by this file.
 */
#include <stdbool.h>
#include <stdint.h>
#include "runtimes/cpython_buffer.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_objects.h"
#include "runtimes/cpython_types.h"
#include "scan/blocks.h"
#include "scan/declare.h"

#define FILE_LEAST 128u /* bytes of the structure: few types have as many */
#define FILE_MOST 512u
#define BUFFER_LEAST 512u

static bool has_word(uintptr_t low, uintptr_t high, uint64_t word)
{
	for (; low + 8 <= high; low += 8)
		if (word_at(low) == word)
			return true;
	return false;
}

static int forget(uintptr_t low, uintptr_t high)
{
	uintptr_t at, word, block;
	int err = 0;

	for (at = low; at + 8 <= high && !err; at += 8) {
		word = word_at(at);
		block = is_pointer(word) ? blocks_find(word) : BLOCK_NONE;
		if (block == BLOCK_NONE || blocks_size(block) < BUFFER_LEAST)
			continue;
		if (word == block && !cpython_object(block) &&
		    has_word(low, high, blocks_size(block)))
			err = declare_weak(block, block + blocks_size(block));
	}
	return err;
}

int cpython_buffers(void)
{
	const struct cpython_type *type;
	uintptr_t at;
	uint32_t i;
	int err = 0;

	for (i = 0; i < cpython_objects_n && !err; i++) {
		type = object_type(&cpython_objects[i]);
		if (type->basic < FILE_LEAST || type->basic > FILE_MOST ||
		    !cpython_type_is(type->at, "_io._BufferedIOBase"))
			continue;
		at = object_at(&cpython_objects[i]);
		err = forget(at + OBJECT_HEAD, at + type->basic);
	}
	return err;
}
