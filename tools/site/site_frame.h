/*
 * Where a function's frame begins, as the unwinding rules say.
 */
#ifndef SITE_FRAME_H
#define SITE_FRAME_H

#include <stdint.h>

struct machine;
struct symbols;

/* Sets what they say of the stack at that instruction. */
void frame_find(struct symbols *symbols, uint64_t address,
		struct machine *machine);

#endif
