/*
 * The instructions of a module, as they are in its file, and the words that the
 * loader fills.
 */
#ifndef CODE_H
#define CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fixup;
struct symbols;

/* The instructions from address on, and how many bytes there are in *n. NULL:
 * no code is there, or the file has debug information alone. They stay while
 * the module is open. */
const unsigned char *code_at(struct symbols *symbols, uint64_t address,
			     size_t *n);
/* Whether some word gets the address of the symbol of that name. */
bool fixup_named(struct symbols *symbols, const char *name);
/* NULL: the loader leaves the word at address as it is. */
const struct fixup *fixup_at(struct symbols *symbols, uint64_t address);
/* Of the word from which a stub of the procedure linkage table jumps that
 * begins at address. NULL: there is none. */
const struct fixup *stub_fixup(struct symbols *symbols, uint64_t address);

#endif
