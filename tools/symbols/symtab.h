/*
 * Symbol tables.
 */
#ifndef SYMTAB_H
#define SYMTAB_H

#include <stdbool.h>
#include <stdint.h>

struct entry;
struct symbols;

/* The symbol that covers address: of code, or, with object, of data. NULL:
 * there is none. It stays while the module is open. */
const struct entry *entry_at(struct symbols *symbols, uint64_t address,
			     bool object);
/* Its name, mangled, in the file's memory; NULL: there is none. */
const char *entry_name(struct symbols *symbols, uint64_t address, bool object);

/* Where the function of that mangled name begins; false: it is not there. The
 * first call sorts the table. */
bool entry_address(struct symbols *symbols, const char *name,
		   uint64_t *address);

#endif
