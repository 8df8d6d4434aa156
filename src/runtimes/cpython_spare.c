/*
 * See cpython_spare.h. Up to 3.13 an interpreter has an array of lists
 * that wait, one of dictionaries, and one of small tables of keys, and how many
 * wait there, from its beginning on. Lists and dictionaries without a
 * reference, and tables without a dictionary, an interpreter knows only there.
 * So the array is found where some wait, and is sure by their number, which
 * stands behind it; in some versions those of dictionaries and keys are behind
 * both arrays. In 3.9 they are variables. What waits keeps the words that it
 * had. An array in which none waits is found beside another one.
 *
 * Since 3.14 what waits is linked by the word in which its count was, and the
 * interpreter has the first one and how many there are: of lists as of bound
 * methods, iterators and numbers. A number's value looks like an address where
 * the heap lies low.
 */
#include <stdbool.h>
#include <stdint.h>
#include "runtimes/cpython_cache.h"
#include "runtimes/cpython_container.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_spare.h"
#include "scan/blocks.h"
#include "scan/declare.h"

#define INTERPRETERS 256
#define INTERPRETER_BYTES (512ul << 10)
#define ROOM 80ul
#define BYTES (8 * ROOM)
#define CHAIN_MOST 4000ul
/* The smallest tables of keys: only such wait. */
#define KEYS_PLACES 8u
#define KEYS_HEAD 40u
#define KEYS_LEAST 112u
#define KEYS_MOST 168u
#define PLACE_DUMMY 254u /* and 255: empty */

/* Whether that many places of a table's index are empty or lead to entries. */
static bool are_places(uintptr_t at, uint64_t n)
{
	uint32_t i, place;

	for (i = 0; i < KEYS_PLACES; i++) {
		place = *(const volatile uint8_t *)(at + i);
		if (place < PLACE_DUMMY && place >= n)
			return false;
	}
	return true;
}

static bool is_small_table(uintptr_t block)
{
	uint64_t size = blocks_size(block);
	struct keys_table keys;

	return size >= KEYS_LEAST && size <= KEYS_MOST &&
	       cpython_keys(block, &keys) && keys.at == block &&
	       keys.n <= KEYS_PLACES && keys.entries >= block + KEYS_HEAD &&
	       are_places(keys.entries - KEYS_PLACES, keys.n);
}

enum spare { SPARE_NONE, SPARE_LIST, SPARE_DICT, SPARE_KEYS };

/* What may wait there. */
static enum spare spare_at(uintptr_t at)
{
	uintptr_t word = word_at(at), block, type;

	block = is_pointer(word) ? blocks_find(word) : BLOCK_NONE;
	if (block == BLOCK_NONE || blocks_size(block) < GC_HEAD + OBJECT_HEAD)
		return SPARE_NONE;
	if (word == block)
		return is_small_table(block) ? SPARE_KEYS : SPARE_NONE;
	if (word != block + GC_HEAD || word_at(word + OBJECT_COUNT))
		return SPARE_NONE;
	type = word_at(word + OBJECT_TYPE);
	return type == cpython.list   ? SPARE_LIST
	       : type == cpython.dict ? SPARE_DICT
				      : SPARE_NONE;
}

static uint32_t int_at(uintptr_t at)
{
	return *(const volatile uint32_t *)at;
}

/* What waits has what it had before. */
static int forget_words(uintptr_t at, uint32_t from)
{
	uintptr_t block = is_pointer(at) ? blocks_find(at) : BLOCK_NONE;

	return block == BLOCK_NONE
		       ? 0
		       : declare_weak(at + from, block + blocks_size(block));
}

/* n wait in the array; the words behind them are old. */
static int forget(uintptr_t array, uint32_t n)
{
	uint32_t i;
	int err = 0;

	if (n > ROOM)
		return 0;
	for (i = 0; i < n && !err; i++)
		err = forget_words(word_at(array + 8 * i), 0);
	return err ? err : declare_weak(array + 8 * n, array + BYTES);
}

/* The array of keys may be behind that of dictionaries and its number. */
static int forget_both(uintptr_t array, uint32_t n, uintptr_t keys,
		       uintptr_t number)
{
	int err = forget(array, n);

	return err ? err : forget(keys, int_at(number));
}

/* An array in which none waits: all its words are old. */
static int forget_empty(uintptr_t array)
{
	uint32_t i;

	for (i = 0; i < ROOM; i++) {
		uintptr_t word = word_at(array + 8 * i);

		if (word && !is_pointer(word))
			return 0;
	}
	return int_at(array + BYTES) ? 0 : forget(array, 0);
}

/* In 3.10, 3.11 and 3.13 the arrays of lists, dictionaries and keys follow each
 * other, a number behind each. */
static int forget_neighbours(uintptr_t array, enum spare kind)
{
	uintptr_t first = array - (kind - SPARE_LIST) * (BYTES + 8);
	int i, err = 0;

	if (cpython.minor < 10 || cpython.minor == 12)
		return 0;
	for (i = 0; i < 3 && !err; i++)
		err = forget_empty(first + i * (BYTES + 8));
	return err;
}

/* An array in which n may wait. */
static int forget_all(uintptr_t array, uint32_t n, enum spare kind)
{
	uintptr_t next = array + BYTES;

	if (kind == SPARE_DICT && int_at(next + BYTES) == n)
		return forget_both(array, n, next, next + BYTES + 4);
	if (kind == SPARE_DICT && int_at(next) == n)
		return forget_both(array, n, next + 8, next + 8 + BYTES);
	if (int_at(next) == n || (kind == SPARE_KEYS && int_at(next + 4) == n))
		return forget(array, n);
	return 0;
}

static uintptr_t end_of(uintptr_t interpreter)
{
	uintptr_t block = blocks_find(interpreter);
	uintptr_t end = interpreter + INTERPRETER_BYTES, most;

	most = block != BLOCK_NONE ? block + blocks_size(block) : cpython.high;
	return end < most ? end : most;
}

static int spare_of(uintptr_t at, uintptr_t end)
{
	enum spare kind;
	uint32_t n;
	int err = 0;

	for (; at + 8 <= end && !err; at += 8 * (n ? n : 1)) {
		kind = spare_at(at);
		for (n = 0; kind && n < ROOM && at + 8 * n + 8 <= end; n++)
			if (spare_at(at + 8 * n) != kind)
				break;
		if (n)
			err = forget_all(at, n, kind);
		if (n && !err && int_at(at + BYTES) == n)
			err = forget_neighbours(at, kind);
	}
	return err;
}

/* The type of what may be linked so, or 0: one of the interpreter's own. */
static uintptr_t linked(uintptr_t at)
{
	uintptr_t block = is_pointer(at) ? blocks_find(at) : BLOCK_NONE, type;

	if (block == BLOCK_NONE || (at != block && at != block + GC_HEAD) ||
	    at + OBJECT_HEAD > block + blocks_size(block))
		return 0;
	type = word_at(at + OBJECT_TYPE);
	return type >= cpython.low && type < cpython.high &&
			       word_of(type, OBJECT_TYPE) == cpython.type
		       ? type
		       : 0;
}

/* Whether n of that type are linked, and no more; type 0: any blocks. */
static bool is_chain(uintptr_t at, uint64_t n, uintptr_t type)
{
	while (n && at && (type ? linked(at) == type : blocks_find(at) == at)) {
		at = word_at(at);
		n--;
	}
	return !n && !at;
}

static int forget_chain(uintptr_t place, uintptr_t type)
{
	uintptr_t at = word_at(place);
	uint64_t n = word_at(place + 8);
	int err = 0;

	if (n - 1 >= CHAIN_MOST || !is_chain(at, n, type))
		return 0;
	for (; at && !err; at = word_at(at))
		err = forget_words(at, 8);
	/* tables of keys are next */
	return err || type != cpython.dict ? err : forget_chain(place + 16, 0);
}

static int chains_of(uintptr_t place, uintptr_t end)
{
	uintptr_t type;
	int err = 0;

	for (; place + 32 <= end && !err; place += 8) {
		type = linked(word_at(place));
		if (type)
			err = forget_chain(place, type);
	}
	return err;
}

static int look(uintptr_t low, uintptr_t high)
{
	int err =
		cpython.minor < 14 ? spare_of(low, high) : chains_of(low, high);

	return err ? err : cpython_cache(low, high);
}

int cpython_spare(void)
{
	uintptr_t at = word_at(cpython.runtime + cpython.interpreters);
	uint32_t i;
	int err = 0;

	if (cpython.minor < 10)
		return look(cpython.type, cpython.high);
	for (i = 0; is_pointer(at) && i < INTERPRETERS && !err; i++) {
		err = look(at, end_of(at));
		at = word_at(at + cpython.next);
	}
	return err;
}
