/*
 * The program headers of a module, read in its memory: which of it can be read,
 * where it ends, and its build-id. No lock; any thread, while the module is
 * mapped.
 */
#ifndef HEADERS_H
#define HEADERS_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUILD_ID 20u

struct headers {
	const ElfW(Phdr) * at; /* in the module's memory, or NULL */
	unsigned n;
	uintptr_t bias; /* address minus ELF virtual address */
};

/* Finds those of the module of which a segment is at start. None when they are
 * not there. */
void headers_find(struct headers *headers, uintptr_t bias, uintptr_t start,
		  bool is_program);
/* How many bytes can be read from address on; 0 when it is in no readable
 * segment. */
size_t headers_readable(const struct headers *headers, uintptr_t address);
/* Lowers low and raises high until the whole module is between them. */
void headers_widen(const struct headers *headers, uintptr_t *low,
		   uintptr_t *high);
/* What a note tells, in the module's memory, and its bytes; NULL: there is
 * none. name: with its final 0. */
const void *headers_note(const struct headers *headers, const char name[4],
			 uint32_t type, size_t *size);
/* Copies the build-id. How many bytes it has, at most BUILD_ID; 0: none. */
uint8_t headers_build_id(const struct headers *headers, uint8_t id[BUILD_ID]);

#endif
