/*
 * See cpython_spare.h. From 3.10 to 3.13 an interpreter has, of each kind, an
 * array and how many wait there, from its beginning on. What waits is the only
 * thing without a reference that an interpreter knows. So the array is found
 * where some wait, and is sure by their number, which stands behind it. Tables
 * of dictionaries' keys have one behind that of dictionaries; in 3.11 and 3.12
 * both numbers are behind both.
 *
 * Since 3.14 what waits is linked by the word in which its count was, and the
 * interpreter has the first one and how many there are. Items of tuples stay.
 */
#include <stdbool.h>
#include <stdint.h>
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_spare.h"
#include "scan/blocks.h"
#include "scan/declare.h"

#define INTERPRETERS 256
#define INTERPRETER_BYTES (512ul << 10)
#define ROOM 80ul
#define BYTES (8 * ROOM)
#define CHAIN_MOST 4000ul

/* The type of a list or dictionary without references, or 0. */
static uintptr_t waiting(uintptr_t word)
{
	uintptr_t block = is_pointer(word) ? blocks_find(word) : BLOCK_NONE;
	uintptr_t type;

	if (block == BLOCK_NONE || word != block + GC_HEAD ||
	    blocks_size(block) < GC_HEAD + OBJECT_HEAD ||
	    word_at(word + OBJECT_COUNT))
		return 0;
	type = word_at(word + OBJECT_TYPE);
	return type == cpython.list || type == cpython.dict ? type : 0;
}

static uint32_t int_at(uintptr_t at)
{
	return *(const volatile uint32_t *)at;
}

/* n wait in the array; the words behind them are old. */
static int forget(uintptr_t array, uint64_t n)
{
	return n < ROOM ? declare_weak(array + 8 * n, array + BYTES) : 0;
}

/* An array in which n wait. */
static int forget_all(uintptr_t array, uint32_t n, uintptr_t type)
{
	bool is_dict = type == cpython.dict;
	int err;

	if (is_dict && int_at(array + 2 * BYTES) == n) {
		err = forget(array, n);
		return err ? err
			   : forget(array + BYTES,
				    int_at(array + 2 * BYTES + 4));
	}
	if (int_at(array + BYTES) != n)
		return 0;
	err = forget(array, n);
	if (err || !is_dict)
		return err;
	return forget(array + BYTES + 8, int_at(array + 2 * BYTES + 8));
}

static uintptr_t end_of(uintptr_t interpreter)
{
	uintptr_t block = blocks_find(interpreter);
	uintptr_t end = interpreter + INTERPRETER_BYTES, most;

	most = block != BLOCK_NONE ? block + blocks_size(block) : cpython.high;
	return end < most ? end : most;
}

static int spare_of(uintptr_t interpreter)
{
	uintptr_t at = interpreter, end = end_of(interpreter), type;
	uint32_t n;
	int err = 0;

	for (; at + 8 <= end && !err; at += 8 * (n ? n : 1)) {
		type = waiting(word_at(at));
		for (n = 0; type && n < ROOM && at + 8 * n + 8 <= end; n++)
			if (waiting(word_at(at + 8 * n)) != type)
				break;
		if (n)
			err = forget_all(at, n, type);
	}
	return err;
}

/* The items of a tuple that waits. */
static int forget_items(uintptr_t at, uintptr_t block)
{
	uint64_t n = word_at(at + OBJECT_SIZE);
	uintptr_t items = at + cpython.tuple_items;

	return n < ROOM && items + 8 * n <= block + blocks_size(block)
		       ? declare_weak(items, items + 8 * n)
		       : 0;
}

/* The block of a tuple that may be linked so, or BLOCK_NONE. */
static uintptr_t linked(uintptr_t at)
{
	uintptr_t block = is_pointer(at) ? blocks_find(at) : BLOCK_NONE;

	return block != BLOCK_NONE && at == block + GC_HEAD &&
			       blocks_size(block) >=
				       GC_HEAD + cpython.tuple_items &&
			       word_at(at + OBJECT_TYPE) == cpython.tuple
		       ? block
		       : BLOCK_NONE;
}

/* Whether that many are linked, and no more. */
static bool is_chain(uintptr_t at, uint64_t n)
{
	while (n && linked(at) != BLOCK_NONE) {
		at = word_at(at);
		n--;
	}
	return !n && !at;
}

static int chains_of(uintptr_t interpreter)
{
	uintptr_t place = interpreter, end = end_of(interpreter), at;
	int err = 0;

	for (; place + 16 <= end && !err; place += 8) {
		uint64_t n = word_at(place + 8);

		at = word_at(place);
		if (n - 1 >= CHAIN_MOST || !is_chain(at, n))
			continue;
		for (; at && !err; at = word_at(at))
			err = forget_items(at, at - GC_HEAD);
	}
	return err;
}

int cpython_spare(void)
{
	uintptr_t at = word_at(cpython.runtime + cpython.interpreters);
	uint32_t i;
	int err = 0;

	if (cpython.minor < 10)
		return 0;
	for (i = 0; is_pointer(at) && i < INTERPRETERS && !err; i++) {
		err = cpython.minor < 14 ? spare_of(at) : chains_of(at);
		at = word_at(at + cpython.next);
	}
	return err;
}
