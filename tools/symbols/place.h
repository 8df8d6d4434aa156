/*
 * A place and the names in it, in the report's memory.
 */
#ifndef PLACE_H
#define PLACE_H

#include <stddef.h>

struct place;
struct report;

/* A copy that is UTF-8: names in ELF files may be any bytes. */
const char *name_keep(struct report *report, const char *name);
/* C++, and both manglings of Rust, without hashes. What is in neither stays as
 * it is. */
const char *name_demangle(struct report *report, const char *name);
/* A place of so many symbols, which say nothing yet. */
struct place *place_new(struct report *report, size_t n);

#endif
