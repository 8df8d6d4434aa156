/*
 * Symbol tables.
 */
#ifndef SYMTAB_H
#define SYMTAB_H

#include <stdbool.h>
#include <stdint.h>

struct symbols;

/* The symbol that covers address, mangled: of code, or, with object, of
 * data. */
const char *entry_name(struct symbols *symbols, uint64_t address, bool object);

#endif
