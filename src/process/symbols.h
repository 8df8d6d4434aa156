/*
 * The names that stand behind a module's own, as dlsym(RTLD_NEXT) finds them:
 * read from the modules' own tables. dlsym takes ten times as long, which a
 * program that runs for a millisecond notices, and may allocate.
 */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYMBOLS_MODULES 64

struct symbols {
	uint32_t n;
	struct symbols_module {
		uintptr_t bias;
		const void *symbols;
		const char *names;
		const uint16_t *versions; /* NULL: there are none */
		const uint64_t *bloom;
		const uint32_t *buckets, *chain;
		uint32_t buckets_n, first, bloom_mask, bloom_shift;
	} module[SYMBOLS_MODULES];
};

/* The modules that the loader searches after the one that `ours` lies in.
 * False where there is one that it may search in another way. Only as long as
 * nothing was opened by dlopen. */
bool symbols_begin(struct symbols *symbols, const void *ours);
/* False where the loader has to be asked. *address is NULL when no module has
 * that name. */
bool symbols_find(const struct symbols *symbols, const char *name,
		  void **address);

#endif
