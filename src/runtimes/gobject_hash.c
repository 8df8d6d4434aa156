/*
 * See gobject_hash.h. Keys and values are arrays of words, or of halves while
 * they all fit. A set has the same array for both.
 */
#include <stddef.h>
#include <string.h>
#include "runtimes/gobject_form.h"
#include "runtimes/gobject_hash.h"
#include "scan/blocks.h"
#include "scan/fault.h"

#define USED 2u /* lower hashes mark places that are unused */
#define BIG_KEYS 1u
#define BIG_VALUES 2u

/* How wide the members of an array of n are; 0: it is no such array. */
static uint32_t width(uint64_t array, uint32_t n, bool big)
{
	uint32_t size = big ? 8 : 4;

	return blocks_begins(array) && blocks_size(array) >= (uint64_t)n * size
		       ? size
		       : 0;
}

/* The numbers before the keys are the size, first in 64 and later in 32 bits;
 * the modulus; the mask; how many pairs there are; how many places are used;
 * and, in two bits of many, which arrays have words. */
static bool numbers_read(const uint32_t *words, bool old,
			 struct gobject_hash *out, uint32_t *big)
{
	const uint32_t *rest = words + (old ? 2 : 1);

	out->n = words[0];
	*big = rest[4] & (BIG_KEYS | BIG_VALUES);
	return out->n >= 8 && !(out->n & (out->n - 1)) &&
	       rest[1] == out->n - 1 && rest[2] <= rest[3] &&
	       rest[3] <= out->n && !(old && words[1]);
}

static bool form_read(uintptr_t block, uint32_t keys, struct gobject_hash *out)
{
	struct form_hash form;
	uint32_t words[FORM_HASH_OLD / 4], big;

	fault_copy(words, block, sizeof words);
	fault_copy(&form, block + keys, sizeof form);
	if (!numbers_read(words, keys == FORM_HASH_OLD, out, &big))
		return false;
	out->key_size = width(form.keys, out->n, big & BIG_KEYS);
	out->value_size = form.values == form.keys ? out->key_size
						   : width(form.values, out->n,
							   big & BIG_VALUES);
	out->keys_at = keys;
	out->keys = form.keys;
	out->hashes = form.hashes;
	out->values = form.values;
	out->hash = form.hash;
	out->equal = form.equal;
	return out->key_size && out->value_size &&
	       width(form.hashes, out->n, false);
}

bool gobject_hash_read(uintptr_t block, struct gobject_hash *out)
{
	uint64_t size = blocks_size(block);

	return size >= FORM_HASH_NEW + sizeof(struct form_hash) - 8 &&
	       size <= FORM_HASH_MAX &&
	       (form_read(block, FORM_HASH_OLD, out) ||
		form_read(block, FORM_HASH_NEW, out));
}

bool gobject_hash_pair(const struct gobject_hash *table, uint32_t place,
		       struct gobject_pair *out)
{
	*out = (struct gobject_pair){
		.key_at = table->keys + (uint64_t)place * table->key_size,
		.value_at = table->values + (uint64_t)place * table->value_size,
		.hash_at = table->hashes + 4ul * place,
	};
	fault_copy(&out->hash, out->hash_at, sizeof out->hash);
	if (out->hash < USED)
		return false;
	fault_copy(&out->key, out->key_at, table->key_size);
	fault_copy(&out->value, out->value_at, table->value_size);
	return true;
}
