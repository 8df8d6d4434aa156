/*
 * FNV-1a with 64 bits (isthe.com/chongo/tech/comp/fnv): equal bytes have equal
 * hashes on every machine. It is no protection against who wants collisions.
 */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_FIRST 0xcbf29ce484222325ull

/* The hash of what went before and these bytes. */
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t n);
/* The same for a text and its end. */
uint64_t hash_text(uint64_t hash, const char *text);

#endif
