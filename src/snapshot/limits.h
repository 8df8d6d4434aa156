/*
 * How much time and memory a scan's child may take. program_pages: what the
 * program has in memory. Snapshot child only.
 */
#ifndef LIMITS_H
#define LIMITS_H

#include <stdint.h>
#include "snapshot/shared.h"

/* A mistake of the program's, or of ours, must not hold up the program's end: a
 * child that runs for far longer than any heap needs is ended. */
void limits_time(struct shared *shared, uint64_t program_pages);
/* Half of what the program has, unless the user has set another limit. */
void limits_memory(uint64_t program_pages);
/* Three times as much: a runtime will declare its objects. */
void limits_declare(uint64_t program_pages);

#endif
