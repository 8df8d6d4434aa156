/*
 * Text that is put together in the caller's buffer, without stdio. No lock, no
 * allocation. Any thread, also in a signal handler.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdint.h>

/* What does not fit is cut off. The text always ends with a 0. */
struct text {
	char *buffer;
	size_t room, used;
};

void text_add(struct text *text, const char *s);
void text_number(struct text *text, int64_t n);
void text_hex(struct text *text, uint64_t n);
/* Adds a JSON string with its quotes, of any bytes. */
void text_json(struct text *text, const char *s);

/* FNV-1a: begins with TEXT_HASH, or goes on from another hash. */
#define TEXT_HASH 0xcbf29ce484222325u
uint64_t text_hash(uint64_t hash, const char *s);

#endif
